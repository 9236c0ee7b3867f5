@sut:server
Feature: The Participating Function passes notifications on to its users

  Rule: A NOTIFY of a subscription goes on to the client, and the response back (6.1.2.5)

    @6.1.2.5-0 @6.1.2.5-1 @6.1.2.5-2
    Scenario: who was invited watches the participants
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob subscribes to the participants
      Then Bob is notified of the participants

    @6.1.2.5-0 @6.1.2.5-1 @6.1.2.5-2
    Scenario: a participant learns what became of a REFER
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob and Ted
      And Ted refuses invitations with 486
      And a running ad-hoc session of Alice and Bob
      When Alice adds Ted to the session
      Then Alice is notified of the participants

    @6.1.2.5-1 @6.1.2.5-2 @set:proxy-mode
    Scenario: a proxy passes a notification on
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob subscribes to the participants
      Then Bob is notified of the participants
