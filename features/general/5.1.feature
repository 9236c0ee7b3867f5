@sut:server
Feature: Authenticated Originator's IM Address (5.1)

  Rule: The originator is whom the SIP/IP Core asserts

    @5.1-1
    Scenario: an anonymous From does not hide who the sender is from the IM Server
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends an anonymous pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered with the final response of Bob

    @5.1-1
    Scenario: a user who is not authorised writes the address of one who is into From
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Mallory, whose user is not authorised
      And registered IM Clients Alice and Bob
      When Mallory sends a pager-mode message to Bob, altered so:
        | From | <{Alice}>;tag=as-alice |
      Then Mallory is answered 403 Forbidden
      And Bob does not receive the message

    @5.1-1
    Scenario: From has the address of a user who is not authorised, the sender is
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Mallory, whose user is not authorised
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob, altered so:
        | From | <{Mallory}>;tag=as-mallory |
      Then Bob receives the message
      And Alice is answered with the final response of Bob

  Rule: A request whose originator cannot be told is refused

    @5.1-5a @5.1-5b
    Scenario: neither an asserted identity nor an address in From
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When an anonymous message of Alice to Bob reaches the IM Server without an asserted identity
      Then Alice is answered 403 Forbidden with a warning
      And Bob does not receive the message

    @5.1-5a @5.1-4a
    Scenario: no asserted identity, an address in From
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When a message of Alice to Bob reaches the IM Server without an asserted identity
      Then Alice is answered 403 Forbidden, or the address in From is used
