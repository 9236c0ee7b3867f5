@B.3.3 @sut:server
Feature: The Terminating Participating Server receives a SIP MESSAGE

  Vera belongs to another domain: the IM Server meets her messages on the terminating side only.

  @IMSpec-PMM-S-002 @M
  Rule: A MESSAGE that nothing speaks against goes on to the client (6.1.2.1, 6.1.2.3.1)

    @6.1.2.3.1-2 @6.1.2.3.1-3 @6.1.2.1-fin
    Scenario: a message is forwarded, and the answer of the client goes back
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera sends a pager-mode message to Bob
      Then Bob receives the message
      And Vera is answered with the final response of Bob

    @6.1.2.1-fin @6.1.2.3.1-3
    Scenario: the refusal of the client goes back as it is
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob answers messages with 486
      When Vera sends a pager-mode message to Bob
      Then Bob receives the message
      And Vera is answered 486 Busy Here

    @6.1.2.3.1-3 @6.1.2.1-3a-1
    Scenario: an anonymous message is forwarded where nobody forbids it
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera sends an anonymous pager-mode message to Bob
      Then Bob receives the message
      And Vera is answered with the final response of Bob

  @IMSpec-PMM-S-002 @M
  Rule: Who bars messages gets none (6.1.2.1, step 1)

    @6.1.2.1-1a @6.1.2.1-1b @6.1.2.1-1c @6.1.2.3.1-1
    Scenario: a message to a user who has barred messages
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob has barred incoming pager-mode messages
      When Vera sends a pager-mode message to Bob
      Then Vera is answered 403 Forbidden with warning text 127
      And Bob does not receive the message

    @6.1.2.1-1a @6.1.2.1-1b @6.1.2.1-1c
    Scenario: a message from one user of the IM Server to another, who has barred messages
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      And Bob has barred incoming pager-mode messages
      When Alice sends a pager-mode message to Bob
      Then Alice is answered 403 Forbidden with warning text 127
      And Bob does not receive the message

    @6.1.2.1-1a
    Scenario: a message to a user who has barred sessions only
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob has published settings:
        | incoming session barring | on  |
        | incoming message barring | off |
      When Vera sends a pager-mode message to Bob
      Then Bob receives the message
      And Vera is answered with the final response of Bob

    @6.1.2.3.1-3
    Scenario: a message to a user who has lifted the barring again
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob has barred incoming pager-mode messages
      When Bob publishes settings:
        | incoming message barring | off |
      And Vera sends a pager-mode message to Bob
      Then Bob receives the message
      And Vera is answered with the final response of Bob

  @IMSpec-PMM-S-002 @M
  Rule: What the access policy of the user rejects is refused (6.1.2.1, step 2)

    @6.1.2.1-2 @6.1.2.1-2e @6.1.2.1-rej-0 @6.1.2.1-rej-a @6.1.2.1-rej-b @6.1.2.3.1-1
    Scenario: a rule rejects pager-mode messages of the sender
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And the access policy of Bob rejects pager-mode messages from Vera
      When Vera sends a pager-mode message to Bob
      Then Vera is answered 403 Forbidden with warning text 122
      And Bob does not receive the message

    @6.1.2.1-2e @6.1.2.1-rej-0 @6.1.2.1-rej-a
    Scenario: the rule that rejects stands among rules that do not apply
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob and Ted
      And the access policy of Bob has the rules:
        | service       | media              | sender | action |
        | +g.oma.sip-im | message-session    | Alice  | reject |
        | +g.oma.sip-im | pager-mode-message | Ted    | reject |
        | +g.oma.sip-im | pager-mode-message | Alice  | reject |
      When Alice sends a pager-mode message to Bob
      Then Alice is answered 403 Forbidden
      And Bob does not receive the message

    @6.1.2.1-2 @6.1.2.1-2a
    Scenario: a rule for another service
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And the access policy of Bob has the rules:
        | service          | media              | sender | action |
        | +g.poc.talkburst | pager-mode-message | Vera   | reject |
      When Vera sends a pager-mode message to Bob
      Then Bob receives the message
      And Vera is answered with the final response of Bob

    @6.1.2.1-2 @6.1.2.1-2b
    Scenario Outline: a rule for other media
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And the access policy of Bob has the rules:
        | service       | media   | sender | action |
        | +g.oma.sip-im | <media> | Vera   | reject |
      When Vera sends a pager-mode message to Bob
      Then Bob receives the message
      And Vera is answered with the final response of Bob

      Examples:
        | media           |
        | message-session |
        | file-transfer   |

    @6.1.2.1-2 @6.1.2.1-2c
    Scenario: a rule for another sender
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And registered IM Clients Bob and Ted
      And the access policy of Bob has the rules:
        | service       | media              | sender | action |
        | +g.oma.sip-im | pager-mode-message | Ted    | reject |
      When Vera sends a pager-mode message to Bob
      Then Bob receives the message
      And Vera is answered with the final response of Bob

  @IMSpec-PMM-S-002 @M
  Rule: Operator policies on size and content apply (6.1.2.1, step 3)

    @6.1.2.1-3 @6.1.2.3.1-1
    Scenario: a message above the largest size
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera sends a pager-mode message of 5000 bytes to Bob
      Then Vera is answered with a refusal
      And Bob does not receive the message

    @6.1.2.1-3a-1
    Scenario: a message in CPIM
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera sends a pager-mode message to Bob, asking for positive-delivery
      Then Bob receives the message
      And Vera is answered with the final response of Bob

    @6.1.2.1-3a-2 @6.1.2.1-3a-3 @6.1.2.3.1-1
    Scenario: a message of a type that the operator refuses
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera sends a pager-mode message to Bob, altered so:
        | Content-Type | application/x-refused |
      Then Vera is answered 415 Unsupported Media Type with the types that are supported
      And Bob does not receive the message

  @IMSpec-PMM-S-002 @M
  Rule: A message is delivered as long as it is valid (6.1.2.1, step 4)

    @6.1.2.1-4
    Scenario: a message that is still valid
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera sends a pager-mode message to Bob, altered so:
        | Date    | now  |
        | Expires | 3600 |
      Then Bob receives the message
      And Vera is answered with the final response of Bob

    @6.1.2.1-4
    Scenario: a message without a date, valid from its arrival
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera sends a pager-mode message to Bob, altered so:
        | Expires | 60 |
      Then Bob receives the message
      And Vera is answered with the final response of Bob

    @6.1.2.1-4
    Scenario: a message that has expired
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera sends a pager-mode message to Bob, altered so:
        | Date    | an hour ago |
        | Expires | 60          |
      Then Vera is answered by the policy of the operator

  @IMSpec-PMM-S-002 @M
  Rule: Nothing is sent on for a user who is not registered (6.1.2.1, step 5)

    @6.1.2.1-5a
    Scenario: a message to a user who has never registered
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And an IM User Ted who is not registered
      When Vera sends a pager-mode message to Ted
      Then Ted does not receive the message
      And Vera is answered 202 Accepted, or that Ted is not there
      When Ted registers
      Then Ted receives the message

    @6.1.2.1-5a
    Scenario: a message to a user who is no longer registered
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Bob deregisters
      And Vera sends a pager-mode message to Bob
      Then Bob does not receive the message
      And Vera is answered 202 Accepted, or that Bob is not there
      When Bob registers
      Then Bob receives the message
