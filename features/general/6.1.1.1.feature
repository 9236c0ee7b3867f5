@sut:server
Feature: What the Originating Participating Function checks of every request (6.1.1.1)

  Rule: Only users who may send are served (step 1)

    @6.1.1.1-1a @6.1.1.1-4a-1
    Scenario: a message of a user who may send
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered with the final response of Bob

    @6.1.1.1-1b @6.1.1.1-1c @6.1.1.1-oth-1 @6.1.1.1-oth-2
    Scenario: a message of a user who may not send
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Mallory, whose user is not authorised
      And a registered IM Client Bob
      When Mallory sends a pager-mode message to Bob
      Then Mallory is answered 403 Forbidden with warning text 127
      And Bob does not receive the message

    @6.1.1.1-1a @6.1.1.1-1b @6.1.1.1-1c @6.1.1.1-oth-1 @6.1.1.1-oth-2
    Scenario: INVITEs of a user who may send, and of one who may not
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Mallory, whose user is not authorised
      And registered IM Clients Alice and Bob
      When Mallory starts a one-to-one session with Bob
      Then Bob is not invited
      When Alice starts a one-to-one session with Bob
      Then Bob is invited

  Rule: Who owes an answer to a system message is held back when its time is over (step 2)

    @6.1.1.1-2c @6.1.1.1-2d @6.1.1.3.1-1
    Scenario: the time to answer is over
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      And the IM Server sends a system message to Alice, to which a response is required
      When the time to respond to the system message is over
      And Alice sends a pager-mode message to Bob
      Then Alice is answered 403 Forbidden with an Error-Info header
      And Bob does not receive the message
      When Alice starts a one-to-one session with Bob
      Then Bob is not invited

    @6.1.1.1-2b
    Scenario: there is still time to answer
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      And the IM Server sends a system message to Alice, to which a response is required
      When Alice sends a pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered with the final response of Bob

    @6.1.1.1-2a
    Scenario: somebody else owes the answer
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice, Bob and Ted
      And the IM Server sends a system message to Ted, to which a response is required
      When the time to respond to the system message is over
      And Alice sends a pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered with the final response of Bob

  Rule: Only supported releases are served, where one is required (step 3)

    @6.1.1.1-3a @set:release-required
    Scenario: a supported release
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered with the final response of Bob

    @6.1.1.1-3b @6.1.1.1-3c @6.1.1.3.1-1 @set:release-required
    Scenario: a release that is not supported
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob, altered so:
        | User-Agent | IM-client/OMA0.1 |
      Then Alice is answered 403 Forbidden with an Error-Info header
      And Bob does not receive the message
      When Alice starts a one-to-one session with Bob, altered so:
        | User-Agent | IM-client/OMA0.1 |
      Then Bob is not invited

  Rule: The operator's policies on size and content are applied (step 4)

    @6.1.1.1-4a-2 @6.1.1.1-4a-3 @6.1.1.3.1-1 @6.1.1.1-oth-1 @6.1.1.1-oth-2
    Scenario: a content type that the operator refuses
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob, altered so:
        | Content-Type | {refused type} |
        | Body         | {token}        |
      Then Alice is answered 415 Unsupported Media Type, with the types that may be sent
      And Bob does not receive the message

    @6.1.1.1-4 @6.1.1.3.1-1
    Scenario: a message that is larger than the operator allows
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob that is larger than the operator allows
      Then Alice is answered with a refusal
      And Bob does not receive the message

  Rule: Operator policies on size and content apply to the SDP of an INVITE (step 4b)

    @6.1.1.1-4b-1
    Scenario: an INVITE for content that the operator takes
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice starts a one-to-one session with Bob
      Then Bob is invited

    @6.1.1.1-4b-1 @6.1.1.1-4b-2 @6.1.1.1-4b-3 @6.1.1.1-oth-1 @6.1.1.1-oth-2
    Scenario: an INVITE for content that the operator refuses
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice starts a one-to-one session with Bob, with content alone that the operator refuses
      Then Bob is not invited

    @6.1.1.1-4b-2 @6.1.1.1-4b-3
    Scenario: an INVITE of a client that takes messages above the operator's size
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice starts a one-to-one session with Bob, taking messages above the operator's size
      Then Bob is not invited
