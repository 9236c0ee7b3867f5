@B.1.4.2 @sut:server
Feature: The Terminating Participating Function has sessions with its users

  Vera belongs to another domain: the IM Server meets her requests on the terminating side only.

  @IMSpec-SMM-S-025 @M
  Rule: An INVITE for the user goes on to its client, and its 200 goes back (6.1.2.2.2)

    @6.1.2.2.2-2 @6.1.2.2.2-4 @6.1.2.2.2-6 @6.1.2.2.2-7 @6.1.2.2.2-8 @6.1.2.2.2-9 @6.1.2.2.2-10 @6.1.2.2.2-10b @6.1.2.2.2-11
    Scenario: the client gets an INVITE of the server's own
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera starts a one-to-one session with Bob
      Then Bob is invited

    @6.1.2.2.2-200-1 @6.1.2.2.2-200-2 @6.1.2.2.2-200-4 @6.1.2.2.2-200-7 @6.1.2.2.2-200-8 @6.1.2.2.2-200-9a @6.1.2.2.2-200-9b
    Scenario: the inviting side gets a 200 of the server's own
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera starts a one-to-one session with Bob
      Then Vera and Bob are all in the session

    @6.1.2.2.2-3 @6.1.2.2.2-200-3 @6.1.2.2.2-11
    Scenario: the originator hides the identity
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera starts a one-to-one session with Bob, hiding the identity
      Then Bob is invited

    @6.1.2.2.2-200-7 @6.1.2.2.2-200-8
    Scenario: the client rings before its user accepts
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob lets invitations ring
      When Vera begins to invite Bob
      Then Bob rings
      When Bob accepts the invitation
      Then Vera and Bob are all in the session

    @6.1.2.2.2-10a
    Scenario: what the client sends within the session gets to the inviting side
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And a running one-to-one session of Vera and Bob
      When Bob leaves the session
      Then Vera is released from the session

    @6.1.2.2.2-10a
    Scenario: what the client sends to the identity of the session gets to the focus
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob subscribes to the participants
      Then Bob is notified of the participants

    @6.1.2.2.2-200-6 @slow
    Scenario: the session timer runs towards the inviting side
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Vera does not refresh sessions
      And Bob does not refresh sessions
      When Vera starts a one-to-one session with Bob, altered so:
        | Session-Expires | 90;refresher=uas |
      Then Vera and Bob are all in the session
      When 95 seconds of the session pass

    @6.1.2.1-fin @6.1.2.2.2-oth-1 @6.1.2.2.2-oth-2
    Scenario Outline: the refusal of the client goes back
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob refuses invitations with <status>
      When Vera starts a one-to-one session with Bob
      Then Bob is invited

      Examples:
        | status |
        | 480    |
        | 486    |
        | 603    |

  @IMSpec-SMM-S-025 @M
  Rule: Who bars sessions gets no INVITE (6.1.2.1, step 1)

    @6.1.2.2.2-1 @6.1.2.1-1a @6.1.2.1-1b @6.1.2.1-1c @6.1.2.2.2-oth-1 @6.1.2.2.2-oth-2
    Scenario: an INVITE for a user who has barred sessions
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob has published settings:
        | incoming session barring | on  |
        | incoming message barring | off |
      When Vera starts a one-to-one session with Bob
      Then Bob is not invited

    @6.1.2.2.2-1 @6.1.2.1-1b @6.1.2.1-1c @6.1.2.2.2-oth-2 @set:proxy-mode
    Scenario: a proxy refuses an INVITE for a user who has barred sessions
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob has published settings:
        | incoming session barring | on |
      When Vera starts a one-to-one session with Bob
      Then Bob is not invited

    @6.1.2.1-1a @6.1.2.2.1-1 @6.1.2.2.1-1b
    Scenario: an INVITE for a user who has barred messages only
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob has published settings:
        | incoming session barring | off |
        | incoming message barring | on  |
      When Vera starts a one-to-one session with Bob
      Then Bob is invited

    @6.1.2.2.1-1 @6.1.2.2.1-1a
    Scenario: a large message for a user who has barred sessions only
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob has published settings:
        | incoming session barring | on  |
        | incoming message barring | off |
      When Vera starts a one-to-one session with Bob, altered so:
        | Accept-Contact | *;+g.oma.sip-im;+g.oma.sip-im.large-message |
      Then Bob is invited

    @6.1.2.2.1-1
    Scenario: a large message for a user who has barred messages only
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob has published settings:
        | incoming session barring | off |
        | incoming message barring | on  |
      When Vera starts a one-to-one session with Bob, altered so:
        | Accept-Contact | *;+g.oma.sip-im;+g.oma.sip-im.large-message |
      Then Bob is not invited

  @IMSpec-SMM-S-025 @M
  Rule: What the access policy of the user rejects is refused (6.1.2.1, step 2)

    @6.1.2.2.2-1 @6.1.2.1-2d @6.1.2.1-rej-0 @6.1.2.1-rej-a @6.1.2.1-rej-b
    Scenario: a rule rejects sessions of who starts a conference
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob and Ted
      And the access policy of Bob has the rules:
        | service       | media           | sender | action |
        | +g.oma.sip-im | message-session | Alice  | reject |
      When Alice starts an ad-hoc session with Bob and Ted
      Then Bob is not invited

    @6.1.2.2.2-2
    Scenario: a rule rejects messages of who starts a conference
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob and Ted
      And the access policy of Bob has the rules:
        | service       | media              | sender | action |
        | +g.oma.sip-im | pager-mode-message | Alice  | reject |
      When Alice starts an ad-hoc session with Bob and Ted
      Then Bob and Ted are each invited

  @IMSpec-SMM-S-025 @M
  Rule: Operator policies on size and content apply to the SDP (6.1.2.1, step 3b)

    @6.1.2.2.2-1 @6.1.2.1-3b-1 @6.1.2.1-3b-2 @6.1.2.1-3b-3 @6.1.2.2.2-oth-2
    Scenario: an INVITE for content that the operator refuses
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera starts a one-to-one session with Bob, with content alone that the operator refuses
      Then Bob is not invited

    @6.1.2.1-3b-1
    Scenario: an INVITE for content that the operator takes
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera starts a one-to-one session with Bob
      Then Bob is invited

    @6.1.2.1-3b-2 @6.1.2.1-3b-3
    Scenario: an INVITE of a client that takes messages above the operator's size
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera starts a one-to-one session with Bob, taking messages above the operator's size

  @IMSpec-SMM-S-026 @M
  Rule: A re-INVITE of the inviting side goes on to the client (6.1.2.2.3)

    @6.1.2.2.3-2 @6.1.2.2.3-3 @6.1.2.2.3-4 @6.1.2.2.3-200-1 @6.1.2.2.3-200-2 @6.1.2.2.3-200-3
    Scenario: the inviting side offers other content
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And a running one-to-one session of Vera and Bob
      When Vera offers content of type text/plain in the session
      Then Bob is invited

    @6.1.2.2.3-200-4
    Scenario: what was agreed anew is in force
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And a running one-to-one session of Vera and Bob
      When Vera offers to take messages of 20000 bytes in the session
      And Vera sends a message in the session
      Then Bob receives the message

    @6.1.2.2.3-prx-1 @6.1.2.2.3-prx-2 @set:proxy-mode
    Scenario: a proxy forwards the re-INVITE
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And a running one-to-one session of Vera and Bob
      When Vera offers content of type text/plain in the session
      Then Bob is invited

    @6.1.2.2.3-fin
    Scenario: the client refuses what is offered
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob takes only content of type text/plain in sessions
      And a running one-to-one session of Vera and Bob
      When Vera offers content of type image/png in the session
      Then Bob is invited

    @6.1.2.2.3-1
    Scenario: the inviting side offers content that the operator refuses
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And a running one-to-one session of Vera and Bob
      When Vera offers content alone that the operator refuses in the session
      Then Bob is not invited

  @IMSpec-SMM-S-027 @M
  Rule: An INVITE is given up before the user has answered (6.1.2.2.4)

    @6.1.2.2.4-1 @6.1.2.2.4-2
    Scenario: the inviting side gives up while the client rings
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob lets invitations ring
      When Vera begins to invite Bob
      Then Bob rings
      When Vera gives the invitation up
      Then Bob is told that the invitation was given up

    @6.1.2.2.4-prx @set:proxy-mode
    Scenario: a proxy passes on that the inviting side gives up
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob lets invitations ring
      When Vera begins to invite Bob
      Then Bob rings
      When Vera gives the invitation up
      Then Bob is told that the invitation was given up

  @IMSpec-SMM-S-028 @M
  Rule: The inviting side ends the session (6.1.2.2.5)

    @6.1.2.2.5-1 @6.1.2.2.5-3
    Scenario: the inviting side leaves
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And a running one-to-one session of Vera and Bob
      When Vera leaves the session
      Then Bob is released from the session

    # Which of both comes first is open: the rules of CANCEL or those of BYE apply.
    @6.1.2.2.2-4
    Scenario: the inviting side gives up as the user accepts
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob lets invitations ring
      When Vera begins to invite Bob
      Then Bob rings
      When Bob accepts the invitation while Vera gives it up
      Then Bob is released from the session

    @6.1.2.2.5-1
    Scenario: both sides leave at the same time
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And a running one-to-one session of Vera and Bob
      When Vera and Bob leave the session at the same time

    @6.1.2.2.5-1 @6.1.2.2.5-3
    Scenario: the inviting side leaves as the client refreshes the session
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And a running one-to-one session of Vera and Bob
      When Bob refreshes the session while Vera leaves it
      Then Bob is released from the session

    @6.1.2.2.5-prx @set:proxy-mode
    Scenario: a proxy passes on that the inviting side leaves
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And a running one-to-one session of Vera and Bob
      When Vera leaves the session
      Then Bob is released from the session

    @6.1.2.2.5-2
    Scenario: who has left speaks on the media that were released
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Vera holds the media open after leaving
      And Bob holds the media open after leaving
      And a running one-to-one session of Vera and Bob
      When Vera leaves the session
      Then Bob is released from the session
      And nothing more comes to Vera in the session
      When Vera sends a message in the session
      Then nothing more comes to Bob in the session

    @6.1.2.2.5-4
    Scenario: who was released speaks on the media that were released
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Vera holds the media open after leaving
      And Bob holds the media open after leaving
      And a running one-to-one session of Vera and Bob
      When Vera leaves the session
      Then Bob is released from the session
      And nothing more comes to Bob in the session
      When Bob sends a message in the session
      Then nothing more comes to Vera in the session
