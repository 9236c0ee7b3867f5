@B.1.4.2 @sut:server
Feature: The Terminating Participating Function has sessions with its users

  Vera belongs to another domain: the IM Server meets her requests on the terminating side only.

  @IMSpec-SMM-S-025 @M
  Rule: An INVITE for the user goes on to its client, and its 200 goes back (6.1.2.2.2)

    @6.1.2.2.2-2 @6.1.2.2.2-4 @6.1.2.2.2-6 @6.1.2.2.2-7 @6.1.2.2.2-8 @6.1.2.2.2-9 @6.1.2.2.2-10 @6.1.2.2.2-10b @6.1.2.2.2-11
    Scenario: the client gets an INVITE of the server's own
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera starts a one-to-one session with Bob
      Then Bob is invited

    @6.1.2.2.2-200-1 @6.1.2.2.2-200-2 @6.1.2.2.2-200-4 @6.1.2.2.2-200-7 @6.1.2.2.2-200-8 @6.1.2.2.2-200-9a @6.1.2.2.2-200-9b
    Scenario: the inviting side gets a 200 of the server's own
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera starts a one-to-one session with Bob
      Then Vera and Bob are all in the session

    @6.1.2.2.2-3 @6.1.2.2.2-200-3 @6.1.2.2.2-11
    Scenario: the originator hides the identity
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Vera starts a one-to-one session with Bob, hiding the identity
      Then Bob is invited
