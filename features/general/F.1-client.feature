@sut:client
Feature: The release of the IM Client in User-Agent and Server (F.1)

  Rule: The first product is IM-client/OMA1.0

    @F.1-p1a @F.1-p2a @F.1-p2b @F.1-p3a @F.1-p3c
    Scenario: registration and publication
      Given the IM Client under test of Alice, not yet registered
      When Alice registers
      Then Alice has published the IM Service Settings

    @F.1-p1a @F.1-p2b @F.1-p3a @F.1-p3c
    Scenario: a message
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Alice sends a pager-mode message to Bob
      Then Alice is answered 200 OK

    @F.1-p1a @F.1-p2b @F.1-p3a @F.1-p3c
    Scenario: the answer to a message
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice
      Then Alice receives the message
