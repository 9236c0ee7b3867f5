@sut:client
Feature: The IM Client registers the IM service with the SIP/IP Core

  Rule: A client that starts registers (5.2.1, 5.2.2)

    @5.2.1-0 @5.2.1-1 @5.2.1-2 @5.2.1-3 @5.2.1-4 @5.2.1-5
    Scenario: the registration of a client that starts
      Given the IM Client under test of Alice, not yet registered
      When Alice registers
      Then Alice has published the IM Service Settings

    @5.2.2-2 @5.2.1-0
    Scenario: the core challenges the registration
      Given the IM Client under test of Alice, not yet registered
      When Alice registers
      Then Alice has published the IM Service Settings

    @5.2.2-2 @5.2.1-0 @5.2.2-3
    Scenario: a client that left the core registers anew and is challenged again
      Given the registered IM Client under test of Alice
      When Alice deregisters
      And Alice registers
      Then Alice has published the IM Service Settings

  Rule: A client registers again before its registration runs out (5.2.2)

    @5.2.2-1 @5.2.1-0
    Scenario: a re-registration
      Given the registered IM Client under test of Alice
      When Alice refreshes the registration

    @5.2.2-1 @5.2.1-0
    Scenario: two re-registrations count on
      Given the registered IM Client under test of Alice
      When Alice refreshes the registration
      And Alice refreshes the registration

    @slow @5.2.2-1 @5.2.1-0
    Scenario: the registration is about to expire
      Given the registered IM Client under test of Alice
      When the registration of Alice is about to expire

  Rule: A client leaves the IM service, or the core (5.2.3)

    @5.2.3-1 @5.2.3-2 @5.2.1-0
    Scenario: the client leaves the IM service and stays with the core
      Given the registered IM Client under test of Alice
      When Alice leaves the IM service

    @5.2.3-1 @5.2.3-3a @5.2.3-3b
    Scenario: the client leaves the core
      Given the registered IM Client under test of Alice
      When Alice deregisters

    @5.2.3-3a @5.2.3-3b
    Scenario: the client leaves the core after it left the IM service
      Given the registered IM Client under test of Alice
      When Alice leaves the IM service
      And Alice deregisters
