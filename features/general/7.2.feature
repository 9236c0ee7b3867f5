@sut:server
Feature: What the Controlling Function sends to users and between them

  Rule: Messages of the session reach every other participant (7.2.3.1, 7.2.3.3)

    @7.2.3.1-5 @7.2.3.3-2b-2
    Scenario: a message reaches the others as it was sent
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob sends a message in the session
      Then Alice and Ted each receive the message

    @7.2.3.1-5
    Scenario: a message reaches who was added to the session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol to the session
      Then Carol is in the session
      When Bob subscribes to the participants
      Then Bob is notified of the participants
      When Bob sends a message in the session
      Then Alice, Ted and Carol each receive the message
