@sut:client
Feature: The IM Client chooses pager mode by the size of the message

  Rule: Below 1300 bytes a message goes by SIP MESSAGE (8.1)

    @8.1-p1a
    Scenario: a short message
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Alice sends a pager-mode message to Bob
      Then Alice is answered 200 OK

    @8.1-p1a
    Scenario: a short message that is refused
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      And Bob answers messages with 486
      When Alice sends a pager-mode message to Bob
      Then Alice is answered 486 Busy Here

  Rule: Above 1300 bytes it does where transport is known to be connection-oriented from end to end, and only there (8.1)

    @8.1-p1b
    Scenario Outline: a message of <bytes> bytes
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Alice sends a pager-mode message of <bytes> bytes to Bob
      Then Alice is answered 200 OK

      Examples:
        | bytes |
        | 1600  |
        | 5000  |
