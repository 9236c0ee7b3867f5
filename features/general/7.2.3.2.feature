@sut:server
Feature: Participants who hide their identity

  Rule: Whoever may hide is known by an alias that nobody else has (7.2.3.2)

    @7.2.3.2-0 @7.2.3.2-1d @7.2.3.2-2 @7.2.3.2-2a @7.2.3.2-2b @7.2.3.2-3 @7.2.3.2-ntf-1 @7.2.3.2-ntf-2
    Scenario: two who hide under no name of their own
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      When Bob joins the session of the group Friends, hiding the identity
      Then Bob is notified of the participants
      When Ted joins the session of the group Friends, hiding the identity
      Then Ted is notified of the participants
      And Bob is notified of the participants

    @7.2.3.2-0 @7.2.3.2-2 @7.2.3.2-2a @7.2.3.2-2b
    Scenario: two who hide under the same name
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      When Bob joins the session of the group Friends, hiding the identity, under the name Wolf
      Then Bob is notified of the participants
      When Ted joins the session of the group Friends, hiding the identity, under the name Wolf
      Then Ted is notified of the participants

    @7.2.3.1-4 @14.3-b4
    Scenario: a message of somebody who hides
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      When Bob joins the session of the group Friends, hiding the identity
      Then Bob is notified of the participants
      And Bob is in the session
      When Ted joins the session of the group Friends, hiding the identity
      Then Ted is notified of the participants
      And Ted is in the session
      When Ted sends a message in the session
      Then Alice and Bob each receive the message
      When Bob sends a message in the session
      Then Alice and Ted each receive the message

    @14.3-b4
    Scenario: somebody who hides writes under the own address
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      When Bob joins the session of the group Friends, hiding the identity
      Then Bob is notified of the participants
      And Bob is in the session
      When Bob sends a message in the session, altered so:
        | From | <{Bob}> |
      Then Bob is told that the message failed

  Rule: Whoever may not hide is refused (7.2.3.2, step 1)

    @7.2.3.2-1a @7.2.3.2-1b @7.2.3.2-1c @14.3-p4b
    Scenario: a group whose members may not hide
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule            | value | for |
        | invite-members  | false |     |
        | allow-anonymity | false | Bob |
      And a running session of the group Friends, with Alice
      When Bob joins the session of the group Friends, hiding the identity
      And Ted joins the session of the group Friends, hiding the identity
      Then Ted is in the session

    @7.2.3.2-1a @7.2.3.2-1b @7.2.3.2-1c @set:no-ad-hoc-anonymity
    Scenario: users are added by somebody who hides where nobody may
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol to the session anonymously
      Then Carol is not invited
