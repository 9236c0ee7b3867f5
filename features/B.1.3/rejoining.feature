@B.1.3 @sut:server
Feature: The Controlling Function lets users into sessions again

  @IMSpec-SMM-S-010 @M
  Rule: An INVITE to a session identity is looked at, and accepted (7.2.1.5)

    @7.2.1.5-1a @7.2.1.5-2a @7.2.1.5-7a @7.2.1.5-8 @7.2.1.5-9 @7.2.1.5-10
    Scenario: who has left comes back
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Ted leaves the session
      Then Ted is out of the session
      When Ted rejoins the session
      Then Ted is in the session

    @7.2.1.5-9a
    Scenario: who comes back offers some types only
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Ted leaves the session
      Then Ted is out of the session
      When Ted rejoins the session, offering message/cpim, text/plain
      Then Ted is in the session

    @7.2.1.5-1a @7.2.1.5-1b @7.2.1.5-1c
    Scenario: the session has ended with its originator
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice leaves the session
      Then Bob is released from the session
      And Ted is released from the session
      And Ted is out of the session
      When Ted rejoins the session

    @7.2.1.5-1b @7.2.1.5-1c
    Scenario: the session ended long ago
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      When Alice rejoins a session that is over

    @7.2.1.5-2a @7.2.1.5-2b @7.2.1.5-2c
    Scenario: a user whom nobody has invited
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Carol rejoins the session of Alice

    @7.2.1.5-2b
    Scenario: a member whom the rules of the group do not let in
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value | for |
        | invite-members | false |     |
        | join-handling  | false | Ted |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      When Ted rejoins the session of Alice

    @7.2.1.5-3a @7.2.1.5-3b @7.2.1.5-3c
    Scenario: the place of who has left was taken
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a Pre-defined Group Friends of Alice, Bob, Ted and Carol, with the rules:
        | rule                  | value |
        | invite-members        | false |
        | max-participant-count | 3     |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      And Ted joins the session of the group Friends
      When Ted leaves the session
      Then Ted is out of the session
      When Carol joins the session of the group Friends
      And Ted rejoins the session

    @7.2.1.5-3a
    Scenario: the place of who has left is free
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                  | value |
        | max-participant-count | 3     |
      And a running session of the group Friends, with Alice, Bob and Ted
      When Ted leaves the session
      Then Ted is out of the session
      When Ted rejoins the session
      Then Ted is in the session

    @7.2.1.5-7a @7.2.1.5-7b
    Scenario: who comes back offers to speak and not to write
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a registered IM Client Vera, whose user belongs to another domain
      And a running ad-hoc session of Alice, Bob and Vera
      When Vera leaves the session
      Then Vera is out of the session
      When Vera rejoins the session, offering to speak and not to write

    @7.2.1.5-11 @7.2.1.5-12 @7.2.1.5-13
    Scenario: the others hear of who comes back, and from it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob subscribes to the participants
      Then Bob is notified of the participants
      When Ted leaves the session
      Then Bob is told of Ted
      And Ted is out of the session
      When Ted rejoins the session
      Then Bob is told of Ted
      When Alice sends a message in the session
      Then Bob and Ted each receive the message
      When Ted sends a message in the session
      Then Alice and Bob each receive the message

    @7.2.1.5-5
    Scenario: who comes back has a name
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob subscribes to the participants
      Then Bob is notified of the participants
      When Ted leaves the session
      Then Bob is told of Ted
      And Ted is out of the session
      When Ted rejoins the session under the name Foxy
      Then Bob is told of Ted

    @7.2.1.5-6
    Scenario: who comes back hides
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob subscribes to the participants
      Then Bob is notified of the participants
      When Ted leaves the session
      Then Bob is told of Ted
      And Ted is out of the session
      When Ted rejoins the session anonymously
      Then Bob is notified of the participants

    @7.2.1.5-6
    Scenario: who comes back may not hide
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, which does not allow anonymity
      And a running session of the group Friends, with Alice, Bob and Ted
      When Ted leaves the session
      Then Ted is out of the session
      When Ted rejoins the session anonymously

    @7.2.1.5-6 @set:no-anonymity
    Scenario: who comes back may not hide, for nobody may
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a registered IM Client Vera, whose user belongs to another domain
      And a running ad-hoc session of Alice, Bob and Vera
      When Vera leaves the session
      Then Vera is out of the session
      When Vera rejoins the session anonymously

    @7.2.1.5-4
    Scenario: the server changes the session of one who came back without UPDATE
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a registered IM Client Vera, whose user belongs to another domain
      And a running ad-hoc session of Alice, Bob and Vera
      When Vera leaves the session
      Then Vera is out of the session
      When Vera rejoins the session, altered so:
        | Allow | INVITE, ACK, CANCEL, BYE, NOTIFY |
      Then Vera is in the session
      When the IM Server offers content of type message/cpim in the session
