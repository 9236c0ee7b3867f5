@B.1.3 @sut:server
Feature: Participants watch who takes part in their conference

  @IMSpec-SMM-S-014 @O
  Rule: A participant may subscribe to the participants (7.2.1.12)

    @7.2.1.12-1a @7.2.1.12-3a @7.2.1.12-5 @7.2.1.12-5a @7.2.1.12-6 @7.2.1.12-7 @7.2.1.12-8 @7.2.1.12-9
    Scenario: a participant of an ad-hoc session subscribes
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob subscribes to the participants
      Then Bob is notified of the participants

    @7.2.1.12-2a @7.2.1.12-4a @7.2.1.12-5a @7.2.1.12-8
    Scenario: a participant of a group session subscribes, by the address of the group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When Bob subscribes to the participants of the group Friends
      Then Bob is notified of the participants

    @7.2.1.12-5a @7.2.1.12-6 @7.2.1.12-8 @7.2.1.12-9 @set:proxy-mode
    Scenario: a participant behind a proxy subscribes
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob subscribes to the participants
      Then Bob is notified of the participants

    @7.2.1.12-1a @7.2.1.12-1b
    Scenario: nobody watches a session that is over
      Given an IM Server that performs the Controlling IM Function
      And a registered IM Client Alice
      When Alice subscribes to the participants of a session that is over

    @7.2.1.12-2a @7.2.1.12-2b
    Scenario: nobody watches a group that there is not
      Given an IM Server that performs the Controlling IM Function
      And a registered IM Client Alice
      When Alice subscribes to the participants of an unallocated group

    @7.2.1.12-3a @7.2.1.12-3b @7.2.1.12-3c
    Scenario: a participant who is not authorised
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a registered IM Client Mallory of another domain, whose user is not authorised
      And a Pre-defined Group Friends of Alice, Bob and Mallory
      And a running session of the group Friends, with Alice, Bob and Mallory
      When Mallory subscribes to the participants of the group Friends

    @7.2.1.12-4a @7.2.1.12-4b @7.2.1.12-4c
    Scenario: who takes no part may not watch
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Carol subscribes to the participants of the session of Bob

    @7.2.1.12-4b @7.2.1.12-4c
    Scenario: a member of a group who has not come may not watch
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob
      When Bob subscribes to the participants of the group Friends

    @7.2.1.12-4a @7.2.1.12-4b @7.2.1.12-4c
    Scenario: who has left may not watch any more
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob, Ted and Carol
      When Carol leaves the session
      Then Alice is told of Carol
      And Carol is out of the session
      When Carol subscribes to the participants

    @7.2.1.12-4a @7.2.1.12-4b @7.2.1.12-4c
    Scenario: a participant whom the rules of the group do not allow it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                   | value | for |
        | allow-conference-state | false | Ted |
      And a running session of the group Friends, with Alice, Bob and Ted
      When Ted subscribes to the participants of the group Friends

  @IMSpec-SMM-S-016 @M
  Rule: Participants are told by NOTIFY, in documents of RFC 4575 (7.2.2.10)

    @7.2.2.10-1 @7.2.2.10-4 @7.2.2.10-b-1 @7.2.2.10-b-2 @7.2.2.10-b-2a @7.2.2.10-b-2a-i @7.2.2.10-b-2a-iii
    @7.2.2.10-b-2a-v @7.2.2.10-b-2b-1 @7.2.2.10-b-2c @7.2.2.10-b-2c-i @7.2.2.10-b-2c-ii @7.2.2.10-b-2c-iii
    @7.2.2.10-b-2c-A @M-p1 @M.1-p1 @M.1-p2 @M.1-p3
    Scenario: a participant learns who is there
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Ted subscribes to the participants
      Then Ted is notified of the participants

    @7.2.2.10-b-1 @7.2.2.10-b-2a-i @7.2.2.10-b-2a-iii @7.2.2.10-b-2b-2
    Scenario: in the session of a group, users have the names that they have there
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule         | value | for |
        | display-name | Bobby | Bob |
      And a running session of the group Friends, with Alice, Bob and Ted
      When Ted subscribes to the participants of the group Friends
      Then Ted is notified of the participants

    @7.2.1.12-chg @7.2.2.10-3 @7.2.2.10-b-2c-B @M-p1
    Scenario: what changes is told by itself
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol to the session
      Then Alice is told of Carol
      When Ted leaves the session
      Then Alice is told of Ted

    @7.2.2.10-b-2 @7.2.2.10-b-2c-A
    Scenario: who has left and come back is there once
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Ted leaves the session
      Then Alice is told of Ted
      When Ted rejoins the session
      Then Ted is in the session
      When Bob subscribes to the participants
      Then Bob is notified of the participants

    @7.2.2.10-b-2 @7.2.2.10-b-2c-A
    Scenario: a user who has not answered yet does not take part
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And Carol lets invitations ring
      And a Pre-defined Group Friends of Alice, Bob, Ted and Carol
      When Alice starts the session of the group Friends
      Then Alice, Bob and Ted are all in the session
      When Bob subscribes to the participants of the group Friends
      Then Bob is notified of the participants
      When Carol refuses the invitation with 486

    @7.2.2.10-2
    Scenario: many leave, one right after the other
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted, Carol, Dora, Emil, Fanny and Gustav
      And a Pre-defined Group Friends of Alice, Bob, Ted, Carol, Dora, Emil, Fanny and Gustav
      And a running session of the group Friends, with Alice, Bob, Ted, Carol, Dora, Emil, Fanny and Gustav
      And Alice is notified of the participants
      When Bob leaves the session
      And Ted leaves the session
      And Carol leaves the session
      And Dora leaves the session
      And Emil leaves the session
      And Fanny leaves the session
      Then Alice is told of Fanny

    @7.2.2.10-b-2c-B
    Scenario: several leave, one when the other has been told
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted, Carol and Dora
      And a Pre-defined Group Friends of Alice, Bob, Ted, Carol and Dora
      And a running session of the group Friends, with Alice, Bob, Ted, Carol and Dora
      And Alice is notified of the participants
      When Bob leaves the session
      Then Alice is told of Bob
      When Ted leaves the session
      Then Alice is told of Ted
      When Carol leaves the session
      Then Alice is told of Carol

    @7.2.2.10-b-2a-ii @M-p2
    Scenario: who asked for privacy is known by another name, and knows it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends, hiding the identity
      Then Alice, Bob and Ted are all in the session
      When Bob subscribes to the participants of the group Friends
      Then Bob is notified of the participants

    @7.2.2.10-b-2 @7.2.2.10-b-2a-iv
    Scenario: a user who hides when invited is known by another name
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And Bob hides the identity when invited
      And a running session of the group Friends, with Alice, Bob and Ted
      When Ted subscribes to the participants of the group Friends
      Then Ted is notified of the participants

    @M-p3 @7.2.2.10-b-2a-v
    Scenario: two who hide behind the same name are told apart
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      When Alice starts the session of the group Friends, hiding the identity
      And Bob joins the session of the group Friends, hiding the identity
      Then Alice and Bob are all in the session
      And Bob is notified of the participants

  @IMSpec-SMM-S-017 @O
  Rule: Subscriptions end with the session (7.2.2.11)

    @7.2.1.12-end @7.2.2.11-1a @7.2.2.11-1b @7.2.2.11-3a @7.2.2.11-3b @7.2.2.11-3c
    Scenario: the session is over
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      And Bob subscribes to the participants
      When Alice leaves the session
      Then Bob is told that the subscription is over
      And Ted is released from the session
      When Bob subscribes to the participants

    @7.2.2.11-2 @7.2.2.11-3b
    Scenario: a subscriber is removed
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob, Ted and Carol
      And Bob subscribes to the participants
      And Bob is notified of the participants
      When Alice removes Bob from the session
      Then Bob is released from the session
      And Alice is told of Bob

    @7.2.1.12-end @7.2.2.11-1a
    Scenario: the group is deleted while participants watch
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      And Bob subscribes to the participants of the group Friends
      When the group Friends is deleted
      Then Bob is released from the session
      And Bob is told that the subscription is over

  @IMSpec-SMM-S-012 @M
  Rule: A participant is removed with BYE (7.2.2.12)

    @7.2.2.12-1 @7.2.2.12-2 @7.2.2.12-200-2 @7.2.2.12-200-3 @7.2.1.12-chg
    Scenario: a participant is removed by another
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob, Ted and Carol
      And Carol subscribes to the participants
      And Carol is notified of the participants
      When Alice removes Bob from the session
      Then Bob is released from the session
      And Carol is told of Bob

    @7.2.2.12-1 @7.2.2.12-2
    Scenario: everybody is removed when the session is over
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice leaves the session
      Then Bob is released from the session
      And Ted is released from the session

    @7.2.2.12-200-1 @set:no-media-path
    Scenario: who was removed gets no message any more
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And Bob holds the media open after leaving
      And a running ad-hoc session of Alice, Bob, Ted and Carol
      When Alice removes Bob from the session
      Then Bob is released from the session
      And Alice is told that Bob has left
      When Carol sends a message in the session
      Then Alice and Ted each receive the message
      And Bob does not receive the message
      When Bob sends a message in the session
