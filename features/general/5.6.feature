@sut:server
Feature: Warning header (5.6)

  Rule: Code 399, an agent, and a text with a code of three digits (5.6.1, 5.6.2)

    @5.6.1-1 @5.6.1-2a @5.6.1-2b @5.6.1-2c @5.6.2-1
    Scenario: the IM Server refuses a user who is not authorised
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Mallory, whose user is not authorised
      And a registered IM Client Bob
      When Mallory sends a pager-mode message to Bob
      Then Mallory is answered 403 Forbidden with a Warning header
      And Bob does not receive the message

    @5.6.1-2a @5.6.1-2b @5.6.2-1 @set:no-anonymity
    Scenario: the IM Server refuses anonymity
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends an anonymous pager-mode message to Bob
      Then Alice is answered 403 Forbidden with a Warning header
      And Bob does not receive the message

    @5.6.1-2a @5.6.1-2b @5.6.2-1
    Scenario: the IM Server refuses a message to a user who has barred messages
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      And Bob has barred incoming pager-mode messages
      When Alice sends a pager-mode message to Bob
      Then Alice is answered 403 Forbidden with a Warning header
      And Bob does not receive the message

  Rule: The words are in the language that the client prefers, behind the same code (5.6.1)

    @5.6.1-4 @5.6.1-5 @5.6.1-2a @5.6.1-2b
    Scenario: a user who is not authorised prefers French
      Given an IM Server that performs the Controlling IM Function
      And a registered IM Client Mallory of another domain, whose user is not authorised
      And a registered IM Client Bob
      When Mallory starts an ad-hoc session with Bob, altered so:
        | Accept-Language | fr, de;q=0.5 |
      Then Bob is not invited

    @5.6.1-4 @5.6.1-5 @set:no-ad-hoc-anonymity
    Scenario: a user who hides the identity prefers Austrian German
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      When Alice starts an ad-hoc session with Bob, altered so:
        | Accept-Language | de-AT |
        | Privacy         | id    |
      Then Bob is not invited
