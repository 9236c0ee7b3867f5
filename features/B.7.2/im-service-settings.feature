@B.7.2 @sut:server
Feature: The IM Server receives IM Service Settings

  @IMSpec-SS-S-001 @M
  Rule: Settings that are published are taken and answered (6.1.1.5, steps 4 to 6)

    @6.1.1.5-3a @6.1.1.5-4a @6.1.1.5-6
    Scenario: a user publishes settings
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Bob
      When Bob publishes settings:
        | offline delivery | on |
      Then the publication of Bob is answered 200 OK

    @6.1.1.5-5 @6.1.1.5-6
    Scenario: a change of the settings takes effect
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Bob publishes settings:
        | incoming message barring | on |
      And Alice sends a pager-mode message to Bob
      Then Alice is answered 403 Forbidden
      And Bob does not receive the message

    @6.1.1.5-5
    Scenario: the settings are changed back
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      And Bob has barred incoming pager-mode messages
      When Bob publishes settings:
        | incoming message barring | off |
      And Alice sends a pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered with the final response of Bob

    @6.1.1.5-5 @6.1.1.5-4a @6.1.1.5-6
    Scenario: a refresh keeps the settings
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      And Bob has barred incoming pager-mode messages
      When Bob refreshes the published settings
      And Alice sends a pager-mode message to Bob
      Then Alice is answered 403 Forbidden
      And Bob does not receive the message

  @IMSpec-SS-S-001 @M
  Rule: Who may not publish settings is refused (6.1.1.5, step 3)

    @6.1.1.5-3b @6.1.1.5-3c
    Scenario: a user without the right to publish
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Mallory, whose user may not publish settings
      When Mallory publishes settings
      Then the publication of Mallory is answered 403 Forbidden with warning text 127

  @IMSpec-SS-S-001 @M
  Rule: What cannot be processed changes nothing (6.1.1.5, steps 2 and 4)

    @6.1.1.5-4a @6.1.1.5-4b
    Scenario: an entity tag that the IM Server does not know
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      And Bob has barred incoming pager-mode messages
      When Bob publishes settings altered so:
        | SIP-If-Match | never-given |
      And Alice sends a pager-mode message to Bob
      Then Alice is answered 403 Forbidden
      And Bob does not receive the message

    @6.1.1.5-4a
    Scenario: a body that is no settings document
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Bob
      When Bob publishes settings altered so:
        | Body | <settings |
      Then the publication of Bob is answered with a refusal

    @6.1.1.5-4a
    Scenario: a body of another type
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Bob
      When Bob publishes settings altered so:
        | Content-Type | text/plain     |
        | Body         | bar everything |
      Then the publication of Bob is answered with a refusal

    @6.1.1.5-2 @core:scrim
    Scenario: a PUBLISH for another event
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      When Bob publishes for the event presence, and the IM Server is given it:
        | incoming message barring | on |
      And Alice sends a pager-mode message to Bob
      Then Alice is answered with the final response of Bob
