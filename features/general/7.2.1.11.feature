@sut:server
Feature: Sessions are refreshed by those who set them up and those who were invited (7.2.1.11)

  Rule: The controlling function leaves the next refresh to the client, and lets the session go on

    @7.2.1.11-1a
    Scenario: a refresh is answered
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice refreshes the session
      And Alice sends a message in the session
      Then Bob and Ted each receive the message

    @7.2.1.11-1a
    Scenario: two participants refresh at the same time
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice and Bob refresh the session at the same time
      And Ted sends a message in the session
      Then Alice and Bob each receive the message

    @slow @7.2.1.11-1b @set:proxy-mode
    Scenario: a session that is refreshed goes on beyond its first time
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And Alice does not refresh sessions
      When Alice starts an ad-hoc session with Bob, altered so:
        | Session-Expires | 90;refresher=uac |
      Then Alice and Bob are all in the session
      When 50 seconds of the session pass
      And Alice refreshes the session
      Then Alice is released from the session within 80 seconds
