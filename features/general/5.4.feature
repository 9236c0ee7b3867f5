@sut:server
Feature: The IM Server sends a system message (5.4)

  Rule: Each recipient gets a system message of its own, from the IM Server

    @5.4-1 @5.4-2 @5.4-4 @5.4-5 @5.4-6 @5.4-8
    Scenario: a system message to one user
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Bob
      When the IM Server sends a system message to Bob
      Then Bob receives the message

    @5.4-1 @5.4-4 @5.4-8
    Scenario: a system message to two users
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Bob and Ted
      When the IM Server sends a system message to Bob and Ted
      Then Bob and Ted each receive the message

  Rule: What asks for interaction, or is large, lies outside the message

    @5.4-3a
    Scenario: a system message of more than 1300 bytes
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Bob
      When the IM Server sends a system message of more than 1300 bytes to Bob
      Then Bob receives the message

    @5.4-3a @5.4-1
    Scenario: a system message that asks for an answer
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Bob
      When the IM Server sends a system message to Bob, to which a response is required
      Then Bob receives the message

  Rule: The IM Server may time the answer

    @5.4-7 @6.1.1.1-2c @6.1.1.1-2d
    Scenario: no answer within the operator's time
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      And the IM Server sends a system message to Bob, to which a response is required
      And Bob receives the message
      When the time to respond to the system message is over
      And Bob sends a pager-mode message to Alice
      Then Bob is answered 403 Forbidden
      And Alice does not receive the message
