@B.1.3 @sut:server
Feature: The Controlling Function invites users to sessions

  @IMSpec-SMM-S-006 @IMSpec-SMM-S-007 @M
  Rule: Everybody on a URI-list is invited (7.2.2.2)

    @7.2.2.2-1 @7.2.2.2-2 @7.2.2.2-4 @7.2.2.2-4a @7.2.2.2-5
    Scenario: three users are on the list
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Carol and Ted
      When Alice starts an ad-hoc session with Bob, Carol and Ted
      Then Bob, Carol and Ted are each invited

    @7.2.2.2-4a
    Scenario: the inviting user takes certain types only
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob and Ted, taking content of type message/cpim and text/plain
      Then Bob and Ted are each invited

    @7.2.2.2-2
    Scenario: one of those on the list refuses
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob refuses invitations with 486
      When Alice starts an ad-hoc session with Bob and Ted
      Then Bob and Ted are each invited

  @IMSpec-SMM-S-006 @IMSpec-SMM-S-008 @M
  Rule: Members of a Pre-defined Group are invited if its document says so (7.2.2.2, 7.2.2.3)

    @7.2.2.2-1 @7.2.2.2-3 @7.2.2.2-4 @7.2.2.2-4a @7.2.2.2-5 @7.2.2.3-1 @7.2.2.3-2
    Scenario: a group whose members are invited
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends
      Then Bob and Ted are each invited

    @7.2.2.3-2
    Scenario: a chat group, whose members come by themselves
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      When Alice starts the session of the group Friends
      Then Bob is not invited

    @7.2.2.3-1
    Scenario: a member who may not begin the session of the group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                      | value | for |
        | allow-initiate-conference | false | Ted |
      When Ted starts the session of the group Friends
      Then Bob is not invited

    @7.2.2.3-1
    Scenario: a user who is no member and may begin the session of the group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule                      | value | for |
        | allow-initiate-conference | true  | Ted |
        | join-handling             | true  | Ted |
      When Ted starts the session of the group Friends
      Then Alice and Bob are each invited

  @IMSpec-SMM-S-006 @IMSpec-SMM-S-007 @IMSpec-SMM-S-008 @M
  Rule: What invited users answer is kept in mind, and they take part (7.2.2.2)

    @7.2.2.2-200-2 @7.2.2.2-200-4
    Scenario Outline: an invited user accepts, talks, and is removed, in <session>
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running <session>
      When Bob sends a message in the session
      Then Alice and Ted each receive the message
      When Alice sends a message in the session
      Then Bob and Ted each receive the message
      When Alice removes Bob from the session
      Then Bob is released from the session

      Examples:
        | session                                             |
        | ad-hoc session of Alice, Bob and Ted                |
        | session of the group Friends, with Alice, Bob and Ted |

    @7.2.2.2-200-1 @set:proxy-mode
    Scenario Outline: the 200 of an invited user allows few methods, in <session>
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob accepts invitations, altered so:
        | Allow | INVITE, ACK, CANCEL, BYE |
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running <session>
      When the IM Server offers content of type message/cpim and text/html in the session
      Then Alice, Bob and Ted are offered other parameters

      Examples:
        | session                                             |
        | ad-hoc session of Alice, Bob and Ted                |
        | session of the group Friends, with Alice, Bob and Ted |

    @7.2.2.2-1xx-1 @set:proxy-mode
    Scenario Outline: an invited user tells what it allows while it rings, in <session>
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And Bob lets invitations ring
      And Bob rings, altered so:
        | Allow | INVITE, ACK, CANCEL, BYE |
      When Alice starts <session>
      Then Bob rings
      Given Bob accepts invitations, altered so:
        | Allow | |
      When Bob accepts the invitation
      Then Bob is in the session
      When the IM Server offers content of type message/cpim and text/html in the session
      Then Alice, Bob and Ted are offered other parameters

      Examples:
        | session                             |
        | an ad-hoc session with Bob and Ted  |
        | the session of the group Friends    |

    @7.2.2.2-1xx-2 @set:proxy-mode
    Scenario Outline: an invited user rings reliably, in <session>
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And Bob lets invitations ring reliably
      When Alice starts <session>
      Then Bob rings
      When Bob accepts the invitation
      Then Bob is in the session

      Examples:
        | session                             |
        | an ad-hoc session with Bob and Ted  |
        | the session of the group Friends    |

    @7.2.2.2-200-5
    Scenario Outline: a participant is told of who comes in later, in <session>
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And Bob lets invitations ring
      When Alice starts <session>
      Then Alice is in the session
      When Alice subscribes to the participants
      Then Alice is notified of the participants
      When Bob accepts the invitation
      Then Alice is told of Bob

      Examples:
        | session                             |
        | an ad-hoc session with Bob and Ted  |
        | the session of the group Friends    |

  @IMSpec-SMM-S-006 @IMSpec-SMM-S-008 @M
  Rule: An invited user who asks for privacy is hidden or released (7.2.2.2)

    @7.2.2.2-200-3a @7.2.2.2-200-3c
    Scenario: an invited user may hide
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And Bob accepts invitations, altered so:
        | Privacy | id |
      And a running session of the group Friends, with Alice, Bob and Ted
      When Alice subscribes to the participants
      Then Alice is notified of the participants
      When Alice sends a message in the session
      Then Bob and Ted each receive the message

    @7.2.2.2-200-3a @7.2.2.2-200-3b
    Scenario: an invited user may not hide
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, which does not allow anonymity
      And Bob accepts invitations, altered so:
        | Privacy | id |
      When Alice starts the session of the group Friends
      Then Alice is in the session
      And Bob is released from the session
      When Alice subscribes to the participants
      Then Alice is notified of the participants
