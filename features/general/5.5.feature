@sut:server
Feature: Display names (5.5)

  Rule: The controlling function picks the name by which the others know a participant

    @5.5-6 @5.5-6-2a @5.5-3 @5.5-1s
    Scenario: the name in the document of the group comes first
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule         | value   | for   |
        | display-name | Captain | Alice |
      When Alice starts the session of the group Friends, under the name Ally
      Then Alice, Bob and Ted are all in the session
      When Bob subscribes to the participants
      Then Bob is notified of the participants

    @5.5-6 @5.5-6-2b @5.5-3 @7.2.1.2-5
    Scenario: then the name beside the address that the core asserts
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob and Ted, under the name Ally, altered so:
        | P-Preferred-Identity | "Alice A" <{Alice}> |
      Then Alice, Bob and Ted are all in the session
      When Bob subscribes to the participants
      Then Bob is notified of the participants

    @5.5-6 @5.5-6-2c @5.5-3 @7.2.1.2-5
    Scenario: then the names in From and To
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob tells the name Bobby when invited
      When Alice starts an ad-hoc session with Bob and Ted, under the name Ally, altered so:
        | P-Preferred-Identity | <{Alice}> |
      Then Alice, Bob and Ted are all in the session
      When Ted subscribes to the participants
      Then Ted is notified of the participants

    @5.5-1s
    Scenario: nobody has a name
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a running ad-hoc session of Alice and Bob
      When Bob subscribes to the participants
      Then Bob is notified of the participants

  Rule: Who hides the identity has the name that was given, or one that the server makes

    @5.5-6-1a @14.3-b3 @14.3-b1
    Scenario: one who hides has the name of the own choice
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      When Alice starts the session of the group Friends
      Then Alice is in the session
      When Ted joins the session of the group Friends, hiding the identity, under the name Zorro
      Then Ted is in the session
      When Alice subscribes to the participants
      Then Alice is notified of the participants
      When Ted leaves the session
      Then Alice is notified of the participants

    @5.5-6-1b @14.3-b3
    Scenario: two who hide want the same name
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      When Alice starts the session of the group Friends
      Then Alice is in the session
      When Bob joins the session of the group Friends, hiding the identity, under the name Zorro
      And Ted joins the session of the group Friends, hiding the identity, under the name Zorro
      Then Ted is in the session
      When Alice subscribes to the participants
      Then Alice is notified of the participants

    @5.5-6-1b @14.3-b3
    Scenario: one who hides gives no name
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      When Alice starts the session of the group Friends
      Then Alice is in the session
      When Ted joins the session of the group Friends, hiding the identity
      Then Ted is in the session
      When Alice subscribes to the participants
      Then Alice is notified of the participants
