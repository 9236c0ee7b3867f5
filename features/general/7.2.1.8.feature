@sut:server
Feature: The Controlling Function removes users from a session when a participant asks for it

  Rule: A REFER with method BYE is checked, answered, and carried out (7.2.1.8)

    @7.2.1.8-1a @7.2.1.8-2 @7.2.1.8-2a @7.2.1.8-2a-i @7.2.1.8-2a-ii @7.2.1.8-2a-iii-b @7.2.1.8-2a-iv @7.2.1.8-2a-v
    Scenario: the originator removes a participant
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice removes Bob from the session
      Then Bob is released from the session

    @7.2.1.8-2a-iii-a @7.2.1.8-2a-ix @7.2.1.8-3
    Scenario: the originator wants to know what comes of it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice removes Bob from the session, altered so:
        | Refer-Sub | true |
      Then Alice is told what came of the REFER

    @7.2.1.8-2a-ix @7.2.1.8-3
    Scenario: the originator does not say whether it wants to know
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice removes Ted from the session, altered so:
        | Refer-Sub |  |
      Then Alice is told what came of the REFER

    @7.2.1.8-2a-iii-a @7.2.1.8-2a-vi
    Scenario: the originator does not want to know, and the others stay
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice removes Bob from the session
      Then Bob is released from the session
      And Alice is not told what came of the REFER

    @7.2.1.8-2a-vi @7.2.1.8-2a-vii
    Scenario: the originator removes everybody
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice removes Bob from the session
      Then Bob is released from the session
      And Bob is out of the session
      When Alice removes Ted from the session
      Then Ted is released from the session
      And Alice is released from the session
      And Alice is told that the subscription is over

    @7.2.1.8-1b @7.2.1.8-1c
    Scenario: a participant who did not begin the session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Ted removes Bob from the session

    @7.2.1.8-1a @7.2.1.8-1b @7.2.1.8-1c @7.2.1.8-2b @7.2.1.8-2b-w
    Scenario: who has left removes nobody
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Ted leaves the session
      Then Ted is out of the session
      When Ted removes Bob from the session

    @7.2.1.8-2b
    Scenario: who takes part in another session removes nobody
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Dora, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Dora
      And a running ad-hoc session of Ted and Carol
      When Ted removes Bob from the session of Alice

    @7.2.1.8-2b @7.2.1.8-2b-w
    Scenario: the session is over
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice leaves the session
      Then Bob is released from the session
      And Ted is released from the session
      And Ted is out of the session
      When Alice removes Bob from the session

    @7.2.3.1-5
    Scenario: the participant leaves while the originator removes it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice removes Ted from the session while Ted leaves it
      And Bob sends a message in the session
      Then Alice receives the message

    @7.2.1.8-2a-v
    Scenario: two participants are removed at the same time
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob, Ted and Carol
      When Alice removes Ted from the session while Alice removes Carol
      Then Ted is released from the session
      And Carol is released from the session
