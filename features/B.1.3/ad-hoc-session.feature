@B.1.3 @sut:server
Feature: The Controlling Function sets up sessions, and lets participants talk and leave

  @IMSpec-SMM-S-001 @M
  Rule: An INVITE to the conference factory is taken (7.2.1.1)

    @7.2.1.1-1 @7.2.1.1-2 @7.2.1.1-3a @7.2.1.1-4 @7.2.1.1-4a @7.2.1.1-5a @7.2.1.1-5b @7.2.1.1-5c @7.2.1.1-6
    Scenario: the originator is told the identity of the session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob and Ted
      Then Alice, Bob and Ted are all in the session

    @7.2.1.1-4b @7.2.1.1-3a @7.2.1.1-6
    Scenario: the session of a group is answered in the name of the group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob
      When Alice starts the session of the group Friends
      Then Alice and Bob are all in the session

    @7.2.1.1-4a @7.2.1.1-5a @7.2.1.1-7 @7.2.1.2-6a
    Scenario: who comes back is told to those who watch
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob subscribes to the participants
      Then Bob is notified of the participants
      When Ted leaves the session
      Then Bob is notified of the participants
      When Ted rejoins the session
      Then Bob is told of Ted

    @7.2.1.1-7
    Scenario: who joins the session of a group late is told to those who watch
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      When Alice starts the session of the group Friends
      Then Alice is in the session
      When Alice subscribes to the participants
      Then Alice is notified of the participants
      When Ted joins the session of the group Friends
      Then Alice is told of Ted

    @slow @7.2.1.1-3b @7.2.1.11-2 @set:proxy-mode
    Scenario: a session that is not refreshed is over
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And Alice does not refresh sessions
      When Alice starts an ad-hoc session with Bob, altered so:
        | Session-Expires | 90;refresher=uac |
      Then Alice and Bob are all in the session
      And Alice is released from the session within 100 seconds

  @IMSpec-SMM-S-004 @M
  Rule: A request for an Ad-hoc IM Group Session is carried out (7.2.1.2)

    @7.2.1.2-7a @7.2.1.2-8a @7.2.1.2-9
    Scenario: everybody on the list is invited
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob and Ted
      Then Bob and Ted are each invited

    @7.2.1.2-200-1 @7.2.1.2-200-2 @7.2.1.2-200-2a @7.2.1.2-200-2b @7.2.1.2-200-3 @7.2.1.2-200-4
    Scenario: the first who accepts is enough
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Ted lets invitations ring
      When Alice starts an ad-hoc session with Bob and Ted
      Then Alice and Bob are all in the session
      When Alice sends a message in the session
      Then Bob receives the message

    @7.2.1.2-200-1 @7.2.1.2-200-2a
    Scenario: one user refuses, another accepts and takes less than was offered
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob refuses invitations with 486
      And Ted takes only content of type message/cpim in sessions
      When Alice starts an ad-hoc session with Bob and Ted, taking content of type message/cpim and text/plain
      Then Alice and Ted are all in the session

    @7.2.1.2-4 @set:proxy-mode
    Scenario: a client that takes few methods is asked with those
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob and Ted, altered so:
        | Allow | INVITE, ACK, CANCEL, BYE |
      Then Alice, Bob and Ted are all in the session
      When the IM Server offers content of type message/cpim and text/plain in the session
      Then Alice, Bob and Ted are offered other parameters

    @7.2.1.2-6b
    Scenario: sessions have identities of their own
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      When Alice starts an ad-hoc session with Bob
      And Ted starts an ad-hoc session with Carol
      Then Alice, Bob, Ted and Carol are all in the session

    @7.2.1.2-9 @7.2.1.2-fail-0 @7.2.1.2-fail-1a @7.2.1.2-fail-1b
    Scenario: everybody refuses
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob refuses invitations with 486
      And Ted refuses invitations with 603
      When Alice starts an ad-hoc session with Bob and Ted

    @7.2.1.2-fail-0 @7.2.1.2-fail-1a @7.2.1.2-fail-1b
    Scenario: nobody can be reached
      Given an IM Server that performs the Controlling IM Function
      And a registered IM Client Alice
      And an IM User Ulla who is not registered
      When Alice starts an ad-hoc session with Ulla

    @7.2.1.2-fail-0 @7.2.1.2-fail-2 @set:early-answer
    Scenario: everybody refuses, and the originator has its answer already
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob refuses invitations with 486
      And Ted refuses invitations with 480
      When Alice starts an ad-hoc session with Bob and Ted
      Then Alice is released from the session

    @7.2.1.2-200-1 @7.2.1.2-200-3 @set:early-answer
    Scenario: who has the answer already gets no other when somebody accepts
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob refuses invitations with 486
      When Alice starts an ad-hoc session with Bob and Ted
      Then Alice and Ted are all in the session

    @7.2.1.2-1a @7.2.1.2-1b
    Scenario: a factory that is not allocated makes no session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      When Alice asks an unallocated conference factory for a session with Bob
      Then Bob is not invited

    @7.2.1.2-2a @7.2.1.2-2b @7.2.1.2-2c
    Scenario: a user who is not authorised gets no session
      Given an IM Server that performs the Controlling IM Function
      And a registered IM Client Mallory of another domain, whose user is not authorised
      And a registered IM Client Bob
      When Mallory starts an ad-hoc session with Bob
      Then Bob is not invited

    @7.2.1.2-3a @7.2.1.2-3b @14.3-p4a @set:no-ad-hoc-anonymity
    Scenario: who hides the identity gets no session where the server does not allow that
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob and Ted, hiding the identity
      Then Bob is not invited

    @7.2.1.2-7a @7.2.1.2-7b @7.2.1.2-7c
    Scenario: content that the operator refuses makes no session
      Given an IM Server that performs the Controlling IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And registered IM Clients Bob and Ted
      When Vera starts an ad-hoc session with Bob and Ted, with content alone that the operator refuses
      Then Bob is not invited

    @7.2.1.2-8a @7.2.1.2-8b @7.2.1.2-8c
    Scenario: more users than an ad-hoc group may have get no session
      Given an IM Server that performs the Controlling IM Function
      And a registered IM Client Alice
      When Alice starts an ad-hoc session with more users than the IM Server allows

  @IMSpec-SMM-S-003 @M
  Rule: A participant leaves (7.2.1.10)

    @7.2.1.10-1 @7.2.1.10-3
    Scenario: the BYE of a participant is answered
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Ted leaves the session
      And Alice sends a message in the session
      Then Bob receives the message

    @7.2.1.10-2 @set:no-media-path
    Scenario: who has left has no media any more
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Ted holds the media open after leaving
      And a running ad-hoc session of Alice, Bob and Ted
      When Ted leaves the session
      And Alice sends a message in the session
      Then Bob receives the message
      And Ted does not receive the message
      When Ted sends a message in the session
      Then Bob does not receive the message

    @7.2.1.10-3 @7.2.1.10-4
    Scenario: an ad-hoc session ends with its originator
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob subscribes to the participants
      Then Bob is notified of the participants
      When Alice leaves the session
      Then Bob is released from the session
      And Ted is released from the session
      And Bob is told that the subscription is over

    @7.2.1.10-1 @7.2.1.10-3
    Scenario: both leave a one-to-one session at the same time
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice and Bob leave the session at the same time
      Then Ted is released from the session
