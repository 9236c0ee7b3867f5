@sut:server
Feature: The Controlling Function lets users into sessions of Pre-defined Groups

  Rule: Who is let in (7.2.1.4, steps 1 to 3 and 7)

    @7.2.1.4-1a @7.2.1.4-2a @7.2.1.4-3 @7.2.1.4-7a
    Scenario: a member who was not there at first joins
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      When Ted joins the session of the group Friends
      Then Ted is in the session

    @7.2.1.4-1a @7.2.1.4-1b @7.2.1.4-1c
    Scenario: another focus cannot join
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      When Ted joins the session of the group Friends, as the focus of another session

    @7.2.1.4-2a @7.2.1.4-2b @7.2.1.4-2c
    Scenario: who is no member does not join
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Carol
      And a Pre-defined Group Friends of Alice and Bob
      And a running session of the group Friends, with Alice and Bob
      When Carol joins the session of the group Friends

    @7.2.1.4-2a
    Scenario: a group lets in others than its members
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Carol
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule          | value | for    |
        | join-handling | true  | others |
      And a running session of the group Friends, with Alice and Bob
      When Carol joins the session of the group Friends
      Then Carol is in the session

    @7.2.1.4-3 @7.2.1.4-3b-1 @7.2.1.4-3b-2
    Scenario: a session that is full
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                  | value |
        | invite-members        | false |
        | max-participant-count | 2     |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      And Bob is in the session
      When Ted joins the session of the group Friends

    @7.2.1.4-3
    Scenario: who leaves a full session makes room
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a Pre-defined Group Friends of Alice, Bob, Ted and Carol, with the rules:
        | rule                  | value |
        | invite-members        | false |
        | max-participant-count | 3     |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      And Ted joins the session of the group Friends
      When Bob leaves the session
      And Carol joins the session of the group Friends
      Then Carol is in the session

    @7.2.1.4-3
    Scenario: two come at the same time where there is room for one
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                  | value |
        | invite-members        | false |
        | max-participant-count | 2     |
      And a running session of the group Friends, with Alice
      When Bob begins to join the session of the group Friends
      And Ted joins the session of the group Friends

    @7.2.1.4-3
    Scenario: a history of joining and leaving does not fill a session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                  | value |
        | invite-members        | false |
        | max-participant-count | 3     |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      When Bob leaves the session
      And Bob joins the session of the group Friends
      And Ted joins the session of the group Friends
      Then Ted is in the session

    @7.2.1.4-7a @7.2.1.4-7b
    Scenario: who offers content alone that the operator refuses does not join
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a registered IM Client Ted, whose user belongs to another domain
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      When Ted joins the session of the group Friends, with content alone that the operator refuses

  Rule: Who is let in gets a 200 (7.2.1.4, steps 8 to 10)

    @7.2.1.4-9 @7.2.1.4-9a @7.2.1.4-9b @7.2.1.4-10
    Scenario: a member joins with some content types
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      When Ted joins the session of the group Friends, taking content of type message/cpim and text/plain
      Then Ted is in the session

    @7.2.1.4-9 @7.2.1.4-10
    Scenario: members of a chat group come one after the other
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      When Bob joins the session of the group Friends
      And Ted joins the session of the group Friends
      And Ted sends a message in the session
      Then Alice and Bob each receive the message

    @7.2.1.4-9 @7.2.1.4-2a
    Scenario: a member who is old enough joins
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule             | value    |
        | invite-members   | false    |
        | age-restrictions | 18 to 40 |
      And Alice is 18 years old
      And Bob is 40 years old
      And a running session of the group Friends, with Alice
      When Bob joins the session of the group Friends
      Then Bob is in the session

    @7.2.1.4-9
    Scenario: a group for messages in sessions among others
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule               | value                               |
        | invite-members     | false                               |
        | supported-services | message-session, pager-mode-message |
      And a running session of the group Friends, with Alice
      When Bob joins the session of the group Friends
      Then Bob is in the session

  Rule: What is kept of who joins (7.2.1.4, steps 4 to 6)

    @7.2.1.4-4
    Scenario: the server changes the session of one who joined without UPDATE
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a registered IM Client Ted, whose user belongs to another domain
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      When Ted joins the session of the group Friends, altered so:
        | Allow | INVITE, ACK, CANCEL, BYE, NOTIFY |
      Then Ted is in the session
      When the IM Server offers content of type message/cpim in the session

    @7.2.1.4-5 @7.2.1.4-11 @7.2.1.4-12
    Scenario: those who watch are told of one who joins, by the name in the group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value    | for |
        | invite-members | false    |     |
        | display-name   | The Boss | Ted |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      And Bob is in the session
      When Bob subscribes to the participants
      Then Bob is notified of the participants
      When Ted joins the session of the group Friends, under the name Foxy
      Then Bob is told of Ted

    @7.2.1.4-6
    Scenario: one who joins hides
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      When Ted joins the session of the group Friends, hiding the identity
      Then Ted is in the session
      When Bob subscribes to the participants
      Then Bob is notified of the participants

    @7.2.1.4-6
    Scenario: one who may not hide does not join
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule            | value |
        | invite-members  | false |
        | allow-anonymity | false |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      When Ted joins the session of the group Friends, hiding the identity
