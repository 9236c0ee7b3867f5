@sut:server
Feature: Content of unknown namespaces in IM Service Settings

  Rule: The IM Server ignores what it does not know, and applies the rest (Appendix E.1)

    Scenario Outline: <what>, beside a setting that bars messages
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      When Bob publishes settings altered so:
        | Body | <poc-settings xmlns="urn:oma:params:xml:ns:poc:poc-settings" xmlns:ss="urn:oma:xml:im:service-settings" xmlns:x="urn:example:later"><entity id="bob"><ipab-settings><incoming-personal-alert-barring active="true"/></ipab-settings><settings></entity></poc-settings> |
      And Vera sends a pager-mode message to Bob
      Then Vera is answered 403 Forbidden
      And Bob does not receive the message

      @E.1-def-ign
      Examples:
        | what | settings |
        | an unknown element in deferred-settings | <ss:deferred-settings><ss:offline-delivery active="false"/><x:quota>5</x:quota></ss:deferred-settings> |
        | an unknown attribute of offline-delivery | <ss:deferred-settings><ss:offline-delivery x:quota="5" active="false"/></ss:deferred-settings> |

      @E.1-vis-ign
      Examples:
        | what | settings |
        | an unknown element in vis-settings | <ss:vis-settings><ss:vis-status active="true"/><x:colour>blue</x:colour></ss:vis-settings> |
        | an unknown attribute of vis-status | <ss:vis-settings><ss:vis-status x:colour="blue" active="true"/></ss:vis-settings> |

      @E.1-hist-ign
      Examples:
        | what | settings |
        | an unknown element in hist-settings | <ss:hist-settings><ss:hist-activation active="false"><ss:pager-large-mode/></ss:hist-activation><x:shelf>top</x:shelf></ss:hist-settings> |
        | an unknown mode in hist-activation | <ss:hist-settings><ss:hist-activation x:shelf="top" active="false"><ss:session-mode/><x:video-mode/></ss:hist-activation></ss:hist-settings> |
