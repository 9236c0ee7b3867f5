@sut:client
Feature: The settings document of an IM Client

  Rule: The document is that of RFC 4354, extended in the OMA namespace (E.1, E.3)

    @E.1-p1 @E.1-b1 @E.1-b2 @E.1-b3 @E.1-b4 @E.1-def-card @E.1-def-child @E.1-vis-card @E.1-vis-child @E.1-hist-card @E.1-hist-sub
    @E.1-def-ext @E.1-vis-ext @E.1-hist-ext @E.3-p1 @E.4-p1
    Scenario: the document of a first publication
      Given the IM Client under test of Alice, not yet registered
      When Alice registers
      Then Alice has published the IM Service Settings

    @E.1-p1 @E.3-p1 @E.2-p1a @E.2-p1b
    Scenario: the document of a change
      Given the registered IM Client under test of Alice
      When Alice publishes settings:
        | invisibility | on |

  Rule: What the user chooses is said in the element made for it (E.2)

    @E.2-t3-1 @E.2-t3-2 @E.2-t3-3 @E.2-t3-4 @E.2-t3-5 @E.2-t3-6
    Scenario Outline: <setting> is switched on
      Given the registered IM Client under test of Alice
      When Alice publishes settings:
        | <setting> | on |

      Examples:
        | setting                  |
        | incoming session barring |
        | incoming message barring |
        | invisibility             |
        | offline delivery         |
        | storing of sessions      |
        | storing of messages      |

    @E.2-t3-1 @E.2-t3-2 @E.2-t3-3 @E.2-t3-4 @E.2-t3-5 @E.2-t3-6
    Scenario: everything is switched on, then off again
      Given the registered IM Client under test of Alice
      When Alice publishes settings:
        | incoming session barring | on |
        | incoming message barring | on |
        | invisibility             | on |
        | offline delivery         | on |
        | storing of sessions      | on |
        | storing of messages      | on |
      And Alice publishes settings

    @E.2-t3-2
    Scenario: messages are refused while they are barred
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Alice publishes settings:
        | incoming message barring | on |
      And Bob sends a pager-mode message to Alice
      Then Bob is answered 403 Forbidden
      And Alice does not receive the message
