@B.3.3 @sut:server
Feature: The Originating Participating Server receives a SIP MESSAGE

  @IMSpec-PMM-S-001 @M
  Rule: A valid MESSAGE goes on to the SIP/IP Core (6.1.1.3.1, step 4)

    @6.1.1.3.1-4 @6.1.1.3.1-fin
    Scenario: a message to one user is forwarded, and its answer comes back
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered with the final response of Bob

    @6.1.1.3.1-fin
    Scenario: the refusal of the recipient comes back as it is
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      And Bob answers messages with 486
      When Alice sends a pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered 486 Busy Here

    @6.1.1.3.1-4
    Scenario: a message with a URI-list goes on as it is
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice sends a pager-mode message to a URI-list with Bob and Ted
      Then Alice is answered with the final response of the conference factory

    @6.1.1.3.1-4
    Scenario: an anonymous message goes on where nobody forbids it
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends an anonymous pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered with the final response of Bob

  @IMSpec-PMM-S-001 @M
  Rule: What the general checks refuse is not forwarded (6.1.1.3.1, step 1)

    @6.1.1.3.1-1 @6.1.1.1-1b @6.1.1.1-1c
    Scenario: a message of a user who is not authorised
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Mallory, whose user is not authorised
      And a registered IM Client Bob
      When Mallory sends a pager-mode message to Bob
      Then Mallory is answered 403 Forbidden with warning text 127
      And Bob does not receive the message

    @6.1.1.3.1-1 @6.1.1.1-4a-2
    Scenario: a message of a type that the operator refuses
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob, altered so:
        | Content-Type | {refused type} |
        | Body         | {token}        |
      Then Alice is answered 415 Unsupported Media Type
      And Bob does not receive the message

  @IMSpec-PMM-S-001 @M
  Rule: Anonymity that is not allowed is refused (6.1.1.3.1, step 2)

    @6.1.1.3.1-2a @6.1.1.3.1-2b @set:no-anonymity
    Scenario: an anonymous message where the IM Server does not allow anonymity
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends an anonymous pager-mode message to Bob
      Then Alice is answered 403 Forbidden with warning text 119
      And Bob does not receive the message

    @6.1.1.3.1-2a @6.1.1.3.1-2b
    Scenario: an anonymous message of a user who may not be anonymous
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Anton, whose user may not be anonymous
      And a registered IM Client Bob
      When Anton sends an anonymous pager-mode message to Bob
      Then Anton is answered 403 Forbidden with warning text 119
      And Bob does not receive the message

    @6.1.1.3.1-4 @set:no-anonymity
    Scenario: a message under the sender's own name goes on all the same
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered with the final response of Bob

  @IMSpec-PMM-S-001 @M
  Rule: A message that has expired is handled as RFC 3428 says (6.1.1.3.1, step 3)

    @6.1.1.3.1-3a @6.1.1.3.1-4
    Scenario: a message that is still valid
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob, altered so:
        | Date    | now  |
        | Expires | 3600 |
      Then Bob receives the message
      And Alice is answered with the final response of Bob

    @6.1.1.3.1-3b
    Scenario: a message that expired long ago
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob, altered so:
        | Date    | an hour ago |
        | Expires | 60          |
      Then Alice is answered with a final response
      And Bob does not receive the message
