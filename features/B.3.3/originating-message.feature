@B.3.3 @sut:server
Feature: The Originating Participating Server receives a SIP MESSAGE

  @IMSpec-PMM-S-001 @M
  Rule: A valid MESSAGE goes on to the SIP/IP Core (6.1.1.3.1)

    @6.1.1.3.1-4 @6.1.1.3.1-fin
    Scenario: a message to one user is forwarded, and its answer comes back
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered with the final response of Bob

  @IMSpec-PMM-S-001 @M
  Rule: Who may not use the service is refused (6.1.1.1)

    @6.1.1.1-1b @6.1.1.1-1c
    Scenario: a message of a user who is not authorised
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Mallory, whose user is not authorised
      And a registered IM Client Bob
      When Mallory sends a pager-mode message to Bob
      Then Mallory is answered 403 Forbidden with warning text 127
      And Bob does not receive the message
