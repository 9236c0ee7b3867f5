@B.7.1 @sut:client
Feature: The IM Client publishes the IM Service Settings

  @IMSpec-SS-C-001 @M
  Rule: Settings follow the registration (5.2.2, 5.2.4)

    @5.2.2-3 @5.2.4-1 @5.2.4-2 @5.2.4-3 @5.2.4-4 @5.2.4-5 @5.2.4-6 @5.2.4-7 @5.2.4-9
    Scenario: a registration is followed by a publication
      Given the IM Client under test of Alice, not yet registered
      When Alice registers
      Then Alice has published the IM Service Settings

    @5.2.4-8a @5.2.4-8b @5.2.4-8c @5.2.4-8d @5.2.4-8e @5.2.4-8f @5.2.4-8g
    Scenario: the first publication tells every setting, in its place
      Given the IM Client under test of Alice, not yet registered
      When Alice registers
      Then Alice has published the IM Service Settings

    @5.2.2-3 @5.2.4-1 @5.2.4-8a @5.2.4-8b
    Scenario: a new registration is followed by a new publication, without the entity tag of the old one
      Given the registered IM Client under test of Alice
      When Alice deregisters
      And Alice registers
      Then Alice has published the IM Service Settings

  @IMSpec-SS-C-001 @M
  Rule: Settings are changed and refreshed under their entity tag (5.2.4)

    @5.2.4-1 @5.2.4-2 @5.2.4-3 @5.2.4-6
    Scenario: a change of settings
      Given the registered IM Client under test of Alice
      When Alice publishes settings:
        | incoming message barring | on |

    @5.2.4-1 @5.2.4-7
    Scenario: a change that is changed back
      Given the registered IM Client under test of Alice
      When Alice publishes settings:
        | incoming message barring | on |
      And Alice publishes settings

    @5.2.4-9
    Scenario: a change of settings after a message of another user has shown where that user is
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice
      Then Alice receives the message
      When Alice publishes settings

    @slow @5.2.4-1 @5.2.4-7
    Scenario: the publication is about to expire
      Given the registered IM Client under test of Alice
      When the registration of Alice is about to expire
      Then Alice has published the IM Service Settings
