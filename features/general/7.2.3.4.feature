@sut:server
Feature: Private messages in a session

  Rule: A message for single participants goes to these alone (7.2.3.4)

    @7.2.3.1-6 @7.2.3.3-2-1 @7.2.3.3-3 @7.2.3.4-1 @7.2.3.4-2 @7.2.3.4-c @7.2.3.4-c-1 @7.2.3.4-c-2
    Scenario: a private message to one of them
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a private message to Bob in the session
      Then Bob receives the message
      And Ted does not receive the message

    @7.2.3.4-c @7.2.3.4-c-1 @7.2.3.4-c-2
    Scenario: a private message to two of them
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob, Ted and Carol
      When Carol sends a private message to Alice and Bob in the session
      Then Alice and Bob each receive the message
      And Ted does not receive the message

    @7.2.3.4-n
    Scenario: a private message that is written slowly
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Alice writes 500 bytes of a message at a time, 700 ms apart
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a private message of 700 bytes to Bob in the session
      Then Bob receives the message

  Rule: Who may not send private messages gets 403 (7.2.3.4, a)

    @7.2.3.1-6 @7.2.3.4-a-1
    Scenario: a member of a group who may
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                  | value | for   |
        | allow-private-message | true  | Alice |
        | allow-private-message | false | Bob   |
      And a running session of the group Friends, with Alice, Bob and Ted
      When Alice sends a private message to Ted in the session
      Then Ted receives the message
      When Bob sends a private message to Ted in the session
      Then Bob is told that the message failed
      And Ted does not receive the message

    @7.2.3.4-a-2
    Scenario: a member of a group who may not, and then may send to everybody
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                  | value | for |
        | allow-private-message | false | Bob |
      And a running session of the group Friends, with Alice, Bob and Ted
      And everybody's session is acknowledged
      When Bob sends a private message to Alice and Ted in the session
      Then Bob is told that the message failed
      When Bob sends a message in the session
      Then Alice and Ted each receive the message

    @7.2.3.4-3 @7.2.3.4-a-2 @set:no-private-messages
    Scenario: a server without private messages
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a private message to Bob in the session
      Then Alice is told that the message failed
      And Bob does not receive the message

  Rule: Nodes that name no release of IM are sent no private messages (7.2.3.4, b)

    @7.2.3.4-b-1 @7.2.3.4-b-2 @set:proxy-mode
    Scenario: a private message to a client without a release
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      When Bob joins the session of the group Friends
      And Ted joins the session of the group Friends, altered so:
        | User-Agent | |
      Then Ted is in the session
      When Alice sends a private message to Ted in the session
      Then Alice is told that the message failed
      And Ted does not receive the message
      When Alice sends a private message to Bob in the session
      Then Bob receives the message
