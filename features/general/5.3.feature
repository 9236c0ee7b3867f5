@sut:server
Feature: Getting information on client status (5.3)

  Rule: A third-party REGISTER is understood and answered

    @5.3-1 @5.3-2 @5.3-3
    Scenario: the core tells that a user is registered
      Given an IM Server that performs the Participating IM Function
      And an IM User Ted who is not registered
      When the SIP/IP Core registers Ted with the IM Server for 1234 seconds
      Then the IM Server has answered the SIP/IP Core

    @5.3-1 @5.3-2 @5.3-3
    Scenario: the core tells that a user is no longer registered
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Bob
      When the SIP/IP Core tells the IM Server that Bob is no longer registered
      Then the IM Server has answered the SIP/IP Core
