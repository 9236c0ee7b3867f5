@B.1.4.1 @sut:server
Feature: The Originating Participating Function has sessions of its users

  Vera belongs to another domain: the IM Server meets what goes to her on the originating side only.

  @IMSpec-SMM-S-018 @M
  Rule: A B2BUA makes an INVITE of its own of the user's, and a 200 of its own of the far end's (6.1.1.2.2)

    @6.1.1.2.2-1d @6.1.1.2.2-1e @6.1.1.2.2-1f-1 @6.1.1.2.2-1f-2 @6.1.1.2.2-1g @6.1.1.2.2-1h
    Scenario: the far end gets an INVITE of the server's own
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      When Alice starts a one-to-one session with Vera
      Then Vera is invited

    @6.1.1.2.2-200-2 @6.1.1.2.2-200-3 @6.1.1.2.2-200-4 @6.1.1.2.2-200-5 @6.1.1.2.2-200-6 @6.1.1.1-200-1 @6.1.1.1-200-2 @6.1.1.1-200-3
    Scenario: the client gets a 200 of the server's own, and leaves
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice leaves the session
      Then Vera is released from the session

    @6.1.1.2.2-1d @6.1.1.2.2-1g @6.1.1.2.2-1h
    Scenario: an ad-hoc session of users of the server
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob and Ted
      Then Bob and Ted are each invited

    @6.1.1.2.2-fin-1
    Scenario: the far end is busy
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera refuses invitations with 486
      When Alice starts a one-to-one session with Vera
      Then Vera is invited

    @6.1.1.2.2-fin-1
    Scenario: the far end declines for everybody
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera refuses invitations with 603
      When Alice starts a one-to-one session with Vera
      Then Vera is invited

    @6.1.1.2.2-1g
    Scenario: the client takes two types of content only
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      When Alice starts a one-to-one session with Vera, taking content of type text/plain and text/html
      Then Vera is invited

    @6.1.1.2.2-200-4
    Scenario: the far end takes one type of content only
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera takes only content of type text/plain in sessions
      When Alice starts a one-to-one session with Vera
      Then Vera is invited

  @IMSpec-SMM-S-018 @M
  Rule: A proxy passes INVITE and 200 on, and stays on the path (6.1.1.2.2)

    @6.1.1.2.2-2a @6.1.1.2.2-2b @6.1.1.2.2-2c @6.1.1.2.2-prx-1 @6.1.1.2.2-prx-2 @set:proxy-mode
    Scenario: a session through a proxy
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice leaves the session
      Then Vera is released from the session

    @6.1.1.2.2-fin-1 @6.1.1.2.2-2c @set:proxy-mode
    Scenario: the far end is busy, behind a proxy
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera refuses invitations with 486
      When Alice starts a one-to-one session with Vera
      Then Vera is invited

  Rule: What is asked for tells how it is handled (6.1.1.2.1)

    @6.1.1.2.1-1 @6.1.1.2.1-1b
    Scenario: a session
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      When Alice starts a one-to-one session with Vera
      Then Vera is invited

    @6.1.1.2.1-1 @6.1.1.2.1-1a
    Scenario: a large message
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      When Alice starts a one-to-one session with Vera, altered so:
        | Accept-Contact | *;+g.oma.sip-im;+g.oma.sip-im.large-message |
      Then Vera is invited

  @IMSpec-SMM-S-021 @M
  Rule: A re-INVITE of the user (6.1.1.2.4)

    @6.1.1.2.4-1a @6.1.1.2.4-2 @6.1.1.2.4-3 @6.1.1.2.4-4 @6.1.1.2.4-200-1 @6.1.1.2.4-200-3 @6.1.1.2.2-1c
    Scenario: the user takes content of another type from now on
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice offers content of type text/html in the session
      And Alice offers to take messages of 3000 bytes in the session

    @6.1.1.2.4-1b
    Scenario: the user offers what the operator refuses
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice offers content alone that the operator refuses in the session

    @6.1.1.2.4-fin
    Scenario: the far end does not take what the user offers
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera takes only content of type text/plain in sessions
      And a running one-to-one session of Alice and Vera
      When Alice offers content of type text/x-odd in the session

    @6.1.1.2.4-prx @set:proxy-mode
    Scenario: a re-INVITE through a proxy
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice offers to take messages of 3000 bytes in the session

    @6.1.1.2.4-2
    Scenario: the user changes the session while the far end leaves it
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice refreshes the session
      And Alice refreshes the session while Vera leaves it

    @6.1.1.2.4-2 @slow
    Scenario: both ends change the session at the same time
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice refreshes the session
      And Alice and Vera refresh the session at the same time

    @6.1.1.2.2-1b
    Scenario: the user's client knows no UPDATE
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      When Alice starts a one-to-one session with Vera, altered so:
        | Allow | INVITE, ACK, CANCEL, BYE |
      Then Alice and Vera are all in the session
      When Vera offers to take messages of 3000 bytes in the session

    @6.1.1.2.2-200-1
    Scenario: the far end knows no UPDATE
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera accepts invitations, altered so:
        | Allow | INVITE, ACK, CANCEL, BYE |
      And a running one-to-one session of Alice and Vera
      When Alice offers to take messages of 3000 bytes in the session

  @IMSpec-SMM-S-019 @M
  Rule: The user gives an invitation up (6.1.1.2.7)

    @6.1.1.2.7-1 @6.1.1.2.7-2
    Scenario: while it rings
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera lets invitations ring
      When Alice begins to invite Vera
      Then Vera rings
      When Alice gives the invitation up

    @6.1.1.2.7-1
    Scenario: before anybody has said a word
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera says nothing to invitations
      When Alice begins to invite Vera
      And Alice gives the invitation up

    # Which of both comes first is open: then there is nothing to cancel any more.
    @6.1.1.2.7-1 @6.1.1.2.7-2
    Scenario: while the far end accepts it
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera lets invitations ring
      When Alice begins to invite Vera
      Then Alice hears it ring
      When Vera accepts the invitation while Alice gives it up
      Then Vera is released from the session

    @6.1.1.2.7-prx @set:proxy-mode
    Scenario: while it rings, behind a proxy
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera lets invitations ring
      When Alice begins to invite Vera
      Then Vera rings
      When Alice gives the invitation up

    @6.1.1.2.2-prx-1 @set:proxy-mode
    Scenario: while the far end accepts it, behind a proxy
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera lets invitations ring
      When Alice begins to invite Vera
      Then Alice hears it ring
      When Vera accepts the invitation while Alice gives it up

  @IMSpec-SMM-S-020 @M
  Rule: The user leaves (6.1.1.2.8)

    @6.1.1.2.8-3
    Scenario: the far end is told
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice leaves the session
      Then Vera is released from the session

    @6.1.1.2.8-1
    Scenario: both ends leave at the same time
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice and Vera leave the session at the same time

    @6.1.1.2.8-prx @set:proxy-mode
    Scenario: the far end is told through a proxy
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice leaves the session
      Then Vera is released from the session

    @6.1.1.2.8-2
    Scenario: who has left speaks on the media that were released
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Alice holds the media open after leaving
      And Vera holds the media open after leaving
      And a running one-to-one session of Alice and Vera
      When Alice leaves the session
      Then Vera is released from the session
      And nothing more comes to Alice in the session
      When Alice sends a message in the session
      Then nothing more comes to Vera in the session

    @6.1.1.2.8-4
    Scenario: who was released speaks on the media that were released
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Alice holds the media open after leaving
      And Vera holds the media open after leaving
      And a running one-to-one session of Alice and Vera
      When Alice leaves the session
      Then Vera is released from the session
      And nothing more comes to Vera in the session
      When Vera sends a message in the session
      Then nothing more comes to Alice in the session

  Rule: Nobody refreshes the session (6.1.1.2.9)

    @slow @6.1.1.2.9-1 @6.1.1.2.9-2 @6.1.1.2.9-3
    Scenario: the session expires, and the client goes on speaking
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Alice does not refresh sessions
      And Alice holds the media open after leaving
      And Vera does not refresh sessions
      And Vera holds the media open after leaving
      When Alice starts a one-to-one session with Vera, altered so:
        | Session-Expires | 90;refresher=uac |
      Then Alice and Vera are all in the session
      And Alice is released from the session within 110 seconds
      And Vera is released from the session within 110 seconds
      When 1 seconds of the session pass
      And Alice sends a message in the session
      Then nothing more comes to Vera in the session

    @slow @6.1.1.2.9-1 @6.1.1.2.9-2 @6.1.1.2.9-4
    Scenario: the session expires, and the far end goes on speaking
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Alice does not refresh sessions
      And Alice holds the media open after leaving
      And Vera does not refresh sessions
      And Vera holds the media open after leaving
      When Alice starts a one-to-one session with Vera, altered so:
        | Session-Expires | 90;refresher=uac |
      Then Alice and Vera are all in the session
      And Alice is released from the session within 110 seconds
      And Vera is released from the session within 110 seconds
      When 1 seconds of the session pass
      And Vera sends a message in the session
      Then nothing more comes to Alice in the session

  @IMSpec-SMM-S-022 @M
  Rule: SUBSCRIBE of the user to a session (6.1.1.2.5)

    @6.1.1.2.5-1 @6.1.1.2.5-2 @6.1.1.2.5-3 @6.1.1.2.5-fin @6.1.1.2.2-200-5a
    Scenario: the participants of a conference
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice subscribes to the participants
      Then Alice is notified of the participants

    @6.1.1.2.5-3 @6.1.1.2.5-fin
    Scenario: the far end knows of no participants
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice subscribes to the participants

  @IMSpec-SMM-S-023 @M
  Rule: REFER of the user in a session (6.1.1.2.6)

    @6.1.1.2.6-0 @6.1.1.2.6-3a-1 @6.1.1.2.6-3b @6.1.1.2.6-fin @6.1.1.2.2-200-5a
    Scenario: somebody is added, and removed
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol to the session
      Then Carol is invited
      When Alice removes Ted from the session
      Then Ted is released from the session

    @6.1.1.2.6-3a-2 @6.1.1.2.6-3a-1
    Scenario: somebody is added in the place of a session
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Ted
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera accepts invitations, altered so:
        | Contact | ;isfocus |
      And a running one-to-one session of Alice and Vera
      When Alice adds Ted to the session, altered so:
        | Refer-To | <{Ted}?Replaces={dialog of Alice}> |

    @6.1.1.2.6-fin
    Scenario: the far end knows no REFER
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Ted
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera accepts invitations, altered so:
        | Contact | ;isfocus |
      And a running one-to-one session of Alice and Vera
      When Alice adds Ted to the session
      Then Ted is not invited
