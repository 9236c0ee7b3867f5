@B.3.3 @sut:server
Feature: The Terminating Participating Server receives a Group Advertisement

  @IMSpec-GA-S-001 @M
  Rule: A Group Advertisement goes on to the client (6.1.2.6)

    @6.1.2.6-2 @6.1.2.6-fin
    Scenario: an advertisement from another domain is forwarded, and its answer comes back
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera sends a Group Advertisement to Bob
      Then Bob receives the message
      And Vera is answered with the final response of Bob

    @6.1.2.6-2
    Scenario: an advertisement of a group that the user belongs to
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob
      When Alice sends a Group Advertisement to Bob
      Then Bob receives the message
      And Alice is answered with the final response of Bob

    @6.1.2.6-fin
    Scenario: the refusal of the client goes back as it is
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And Bob answers messages with 486
      When Vera sends a Group Advertisement to Bob
      Then Bob receives the message
      And Vera is answered 486 Busy Here

  @IMSpec-GA-S-001 @M
  Rule: A Group Advertisement that the access policy of the user rejects is refused (6.1.2.6)

    @6.1.2.6-1a @6.1.2.6-1b
    Scenario: a rule rejects group advertisements of the sender
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And the access policy of Bob has the rules:
        | service             | media | sender | action |
        | group-advertisement |       | Vera   | reject |
      When Vera sends a Group Advertisement to Bob
      Then Vera is answered 403 Forbidden
      And Bob does not receive the message

    @6.1.2.6-1a
    Scenario: a rule for the advertisements of another sender
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And registered IM Clients Bob and Ted
      And the access policy of Bob has the rules:
        | service             | media | sender | action |
        | group-advertisement |       | Ted    | reject |
      When Vera sends a Group Advertisement to Bob
      Then Bob receives the message
      And Vera is answered with the final response of Bob

    @6.1.2.6-1a
    Scenario: a rule for another service
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And the access policy of Bob has the rules:
        | service          | media           | sender | action |
        | +g.poc.talkburst | message-session | Vera   | reject |
      When Vera sends a Group Advertisement to Bob
      Then Bob receives the message
      And Vera is answered with the final response of Bob
