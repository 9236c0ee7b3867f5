@sut:server
Feature: What the Controlling Function sends to users and between them

  Rule: The INVITE to each user is the controlling function's own (7.2.2.1)

    @7.2.2.1-1 @7.2.2.1-2 @7.2.2.1-6a @7.2.2.1-6b @7.2.2.1-6c
    Scenario: users on the list are invited by the focus
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob and Ted
      Then Bob and Ted are each invited

  Rule: Messages of the session reach every other participant (7.2.3.1, 7.2.3.3)

    @7.2.3.1-5 @7.2.3.3-2b-2
    Scenario: a message reaches the others as it was sent
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob sends a message in the session
      Then Alice and Ted each receive the message
