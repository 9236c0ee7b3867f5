@B.1.3 @sut:server
Feature: The Controlling Function modifies sessions

  @IMSpec-SMM-S-015 @M
  Rule: Other media parameters are offered to the participants by re-INVITE (7.2.2.6)

    @7.2.2.6-1 @7.2.2.6-2 @7.2.2.6-3 @7.2.2.6-200-1
    Scenario: the server offers other content types
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When the IM Server offers content of type message/cpim and text/html in the session
      Then Alice, Bob and Ted are offered other parameters
      When Alice sends a message in the session
      Then Bob and Ted each receive the message

    @7.2.2.6-200-1
    Scenario: a participant takes smaller messages from then on
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      And Bob accepts invitations, altered so:
        | a=max-size | 1000 |
      When the IM Server offers content of type message/cpim and text/html in the session
      Then Alice, Bob and Ted are offered other parameters
      When Alice sends a message of 3000 bytes in the session
      Then Ted receives the message
      And Bob does not receive the message

    @7.2.2.6-200-2
    Scenario: a participant refuses the other parameters
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob takes only content of type text/plain in sessions
      And a running ad-hoc session of Alice, Bob and Ted
      When the IM Server offers content of type application/x-other in the session
      Then Alice, Bob and Ted are offered other parameters
      When Alice sends a message in the session
      Then Bob and Ted each receive the message

    @7.2.2.6-3
    Scenario: a participant leaves while the server offers other parameters
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob leaves the session while the IM Server offers content of type message/cpim
      Then Alice and Ted are offered other parameters
      When Alice sends a message in the session
      Then Ted receives the message
