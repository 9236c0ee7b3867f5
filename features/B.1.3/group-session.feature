@B.1.3 @sut:server
Feature: The Controlling Function sets up sessions of Pre-defined Groups

  @IMSpec-SMM-S-005 @M
  Rule: Whose INVITE to the group begins a session (7.2.1.3, steps 1 to 3 and 7)

    @7.2.1.3-1a @7.2.1.3-2a @7.2.1.3-3a @7.2.1.3-7a
    Scenario: a member starts the session of a group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends
      Then Bob and Ted are each invited

    @7.2.1.3-1a @7.2.1.3-1b
    Scenario: a group for another service has no sessions
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, which is not enabled for IM
      When Alice starts the session of the group Friends
      Then Bob is not invited

    @7.2.1.3-2a @7.2.1.3-2b @7.2.1.3-2d
    Scenario: another focus cannot start the session of a group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends, as the focus of another session
      Then Bob is not invited

    @7.2.1.3-3a @7.2.1.3-3b @7.2.1.3-3c
    Scenario: a member who may not initiate sessions
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                      | value | for   |
        | allow-initiate-conference | false | Alice |
      When Alice starts the session of the group Friends
      Then Bob is not invited

    @7.2.1.3-3a @7.2.1.3-3b
    Scenario: who is no member starts no session of a group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Carol starts the session of the group Friends
      Then Bob is not invited

    @7.2.1.3-7a @7.2.1.3-7b
    Scenario: an offer of content alone that the operator refuses
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Bob and Ted
      And a registered IM Client Alice, whose user belongs to another domain
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends, with content alone that the operator refuses
      Then Bob is not invited

    @7.2.1.3-7b
    Scenario: an offer without messages
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Bob and Ted
      And a registered IM Client Alice, whose user belongs to another domain
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends, with audio alone
      Then Bob is not invited

  @IMSpec-SMM-S-005 @M
  Rule: A session of the group is made, and its members are invited (7.2.1.3, steps 8 and 9)

    @7.2.1.3-8-1 @7.2.1.3-8-2 @7.2.1.3-8a @7.2.1.3-8b @7.2.1.3-200-1 @7.2.1.3-200-2 @7.2.1.3-200-3 @7.2.1.3-200-4
    @7.2.1.4-8 @7.2.1.4-8a @7.2.1.4-8b-1 @7.2.1.4-8b-2 @7.2.1.1-5a
    Scenario: members are invited, and messages pass between them
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends
      Then Alice, Bob and Ted are all in the session
      And everybody's session is acknowledged
      When Alice sends a message in the session
      Then Bob and Ted each receive the message
      When Bob sends a message in the session
      Then Alice and Ted each receive the message

    @7.2.1.3-8a @7.2.1.4-8a @7.2.1.3-200-2
    Scenario: a chat group, whose members come by themselves
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      When Alice starts the session of the group Friends
      Then Bob is not invited

    @7.2.1.3-9
    Scenario: who comes later gets into the session that is there
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      And a running session of the group Friends, with Alice
      And Bob joins the session of the group Friends
      When Ted joins the session of the group Friends
      Then Ted is in the session
      When Ted sends a message in the session
      Then Alice and Bob each receive the message

    @7.2.1.3-9
    Scenario: two members begin the session of a chat group at the same time
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule           | value |
        | invite-members | false |
      When Alice begins to start the session of the group Friends
      And Bob starts the session of the group Friends
      Then Alice and Bob are all in the session
      When Bob sends a message in the session
      Then Alice receives the message

    @7.2.3.1-5
    Scenario: a member who is about to be invited begins the session, too
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice begins to start the session of the group Friends
      And Bob starts the session of the group Friends
      Then Alice, Bob and Ted are all in the session
      And everybody's session is acknowledged
      When Ted sends a message in the session
      Then Alice and Bob each receive the message

    @7.2.1.3-8-2
    Scenario: sessions of two groups are two sessions
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a Pre-defined Group Friends of Alice and Bob
      And a Pre-defined Group Others of Ted and Carol
      When Alice starts the session of the group Friends
      And Ted starts the session of the group Others
      Then Carol is in the session

  @IMSpec-SMM-S-005 @M
  Rule: A member's 200 leads to the 200 for who began the session (7.2.1.3, on a 200)

    @7.2.1.3-200-2a
    Scenario: content types that both the originator and a member take
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob
      And Bob takes only content of type message/cpim in sessions
      When Alice starts the session of the group Friends, taking content of type message/cpim and image/png
      Then Alice and Bob are all in the session

    @7.2.1.3-200-1 @7.2.1.3-200-3
    Scenario: a member refuses before another accepts
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And Bob refuses invitations with 486
      And Ted lets invitations ring
      When Alice begins to start the session of the group Friends
      Then Ted rings
      When Ted accepts the invitation
      Then Alice and Ted are all in the session

    @7.2.1.3-fail-0 @7.2.1.3-fail-1a @7.2.1.3-fail-1b
    Scenario: every member refuses
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And Bob refuses invitations with 486
      And Ted refuses invitations with 603
      When Alice starts the session of the group Friends
      Then Bob and Ted are each invited

    @7.2.1.3-fail-0 @7.2.1.3-fail-2 @set:early-answer
    Scenario: every member refuses after the originator was answered
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And Bob lets invitations ring
      And Ted refuses invitations with 486
      When Alice begins to start the session of the group Friends
      Then Alice is in the session
      And Bob rings
      When Bob refuses the invitation with 480
      Then Alice is released from the session

  @IMSpec-SMM-S-005 @M
  Rule: What is kept of who begins the session (7.2.1.3, steps 4 to 6)

    @7.2.1.3-4
    Scenario: the server changes the session of a client without UPDATE
      Given an IM Server that performs the Controlling IM Function
      And a registered IM Client Alice, whose user belongs to another domain
      And a registered IM Client Bob
      And a Pre-defined Group Friends of Alice and Bob
      When Alice starts the session of the group Friends, altered so:
        | Allow | INVITE, ACK, CANCEL, BYE, NOTIFY |
      Then Alice is in the session
      When the IM Server offers content of type message/cpim in the session

    @7.2.1.3-5
    Scenario: a name in the group goes before the user's own
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule         | value    | for   |
        | display-name | The Boss | Alice |
      When Alice starts the session of the group Friends, under the name Foxy
      Then Alice and Bob are all in the session
      When Bob subscribes to the participants
      Then Bob is notified of the participants

    @7.2.1.3-5
    Scenario: a user's own name where the group has none
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob
      When Alice starts the session of the group Friends, under the name Foxy
      Then Alice and Bob are all in the session
      When Bob subscribes to the participants
      Then Bob is notified of the participants

    @7.2.1.3-6
    Scenario: a member hides while the session begins
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob
      When Alice starts the session of the group Friends, hiding the identity
      Then Alice and Bob are all in the session
      When Bob subscribes to the participants
      Then Bob is notified of the participants

    @7.2.1.3-6
    Scenario: a group in which nobody may hide
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob, which does not allow anonymity
      When Alice starts the session of the group Friends, hiding the identity
      Then Bob is not invited
