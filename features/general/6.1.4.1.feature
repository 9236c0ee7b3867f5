@sut:server
Feature: Private messages at the participating functions (6.1.4.1)

  Vera belongs to another domain, and is a focus: of her sessions with users of the IM Server both ends are seen.

  Rule: A private message goes on only to a node that is known to be one of the enabler

    @6.1.4.1-1a
    Scenario: the next node tells its release
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Ted
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera accepts invitations, altered so:
        | Contact | ;isfocus |
      And a running one-to-one session of Alice and Vera
      When Alice sends a private message to Ted in the session
      Then Vera receives the message

    @6.1.4.1-1a @6.1.4.1-1b
    Scenario: the next node tells no release
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Ted
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera accepts invitations, altered so:
        | Contact    | ;isfocus |
        | User-Agent |          |
      And a running one-to-one session of Alice and Vera
      When Alice sends a private message to Ted in the session
      Then Alice is told that the message failed

    @6.1.4.1-1b
    Scenario: the next node is of another product
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Ted
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera accepts invitations, altered so:
        | Contact    | ;isfocus    |
        | User-Agent | Switch/17.4 |
      And a running one-to-one session of Alice and Vera
      When Alice sends a private message to Ted in the session
      Then Alice is told that the message failed
