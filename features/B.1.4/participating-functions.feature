@sut:server
Feature: The participating functions pass sessions of their users on

  @B.1.4.1 @IMSpec-SMM-S-018 @M
  Rule: An INVITE of the user is sent on (6.1.1.2.2)

    @6.1.1.2.2-1a
    Scenario: the INVITE of the user asks for what the user asked for
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice starts a one-to-one session with Bob
      Then Alice and Bob are all in the session

  @B.1.4.1 @IMSpec-SMM-S-020 @M
  Rule: A BYE of the user ends the session (6.1.1.2.8)

    @6.1.1.2.8-1
    Scenario: the originator leaves
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      And a running one-to-one session of Alice and Bob
      When Alice leaves the session
      Then Bob is released from the session

  @B.1.4.2 @IMSpec-SMM-S-025 @M
  Rule: An INVITE for the user is sent to its client (6.1.2.2.2)

    @6.1.2.2.2-5 @6.1.2.2.2-10c @6.1.2.2.2-200-5
    Scenario: the user is invited by a focus
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob and Ted
      Then Bob and Ted are each invited
