@B.3.2 @sut:client
Feature: The IM Client receives a pager-mode message

  @IMSpec-PMM-C-007 @M
  Rule: A message is answered and kept (8.2.1)

    @8.2.1-1 @8.2.1-resp-1 @8.2.1-resp-2 @8.2.1-resp-3 @8.2.1-resp-4
    Scenario: the answer to a message
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice
      Then Alice receives the message
      And Bob is answered with the final response of Alice

    @8.2.1-4a
    Scenario: a message is shown with its sender and text
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice
      Then Alice receives the message
      And Alice is asked what was shown

    @8.2.1-4a
    Scenario: messages of two users are told apart
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob and Ted
      When Bob sends a pager-mode message to Alice
      Then Alice receives the message
      When Ted sends a pager-mode message to Alice
      Then Alice receives the message
      And Alice is asked what was shown

    @8.2.1-4a @8.2.1-resp-1
    Scenario: the sender is anonymous
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends an anonymous pager-mode message to Alice
      Then Alice receives the message
      And Alice is asked what was shown

    @8.2.1-1 @8.2.1-resp-1 @8.2.1-resp-4
    Scenario: a message of a type that the client may not know
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice, altered so:
        | Content-Type | application/x-scrim |
        | Body         | {token}             |
      Then Alice receives the message
      And Bob is answered with the final response of Alice

    @8.2.1-4a @8.2.1-resp-1 @8.2.1-resp-2
    Scenario: a message that does not say that it is one of the IM service
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice, altered so:
        | Accept-Contact |  |
        | User-Agent     |  |
      Then Alice receives the message
      And Alice is asked what was shown

    @8.2.1-1 @8.2.1-resp-1 @8.2.1-resp-4
    Scenario: a message whose content is not what its type says
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice, altered so:
        | Content-Type | message/cpim           |
        | Body         | this is no CPIM {token} |
      Then Alice receives the message
      And Bob is answered with the final response of Alice

  @IMSpec-PMM-C-007 @M
  Rule: System messages and group advertisements are shown apart (8.2.1)

    @8.2.1-2 @8.2.1-resp-1
    Scenario: a system message
      Given the registered IM Client under test of Alice
      When the IM Server sends a system message to Alice
      Then Alice receives the message
      And Alice is asked what was shown

    @8.2.1-2 @8.2.1-5
    Scenario: a system message whose content lies elsewhere
      Given the registered IM Client under test of Alice
      When the IM Server sends a system message of more than 1300 bytes to Alice
      Then Alice receives the message
      And Alice is asked what was shown

    @8.2.1-3a @8.2.1-3b @8.2.1-resp-1
    Scenario: a group advertisement
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      And a Pre-defined Group Friends of Alice and Bob
      When Bob sends a Group Advertisement to Alice
      Then Alice receives the message
      And Alice is asked what was shown

  @IMSpec-PMM-C-007 @M
  Rule: Delivery is reported where that was asked for, and only there (8.2.1)

    @8.2.1-6a
    Scenario: a report is asked for
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice, asking for positive-delivery
      Then Alice receives the message
      And Alice sends a delivery notification

    @8.2.1-6a
    Scenario: a report about a message to a group goes the way that was recorded
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Bob sends a pager-mode message to the group Friends, asking for positive-delivery
      Then Alice receives the message
      And Alice sends a delivery notification

    @8.2.1-6b
    Scenario: no report is asked for
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice
      Then Alice receives the message
      And Alice sends no delivery notification

    @8.2.1-6b
    Scenario: only failures are to be reported
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice, asking for negative-delivery
      Then Alice receives the message
      And Alice sends no delivery notification

    @8.2.1-6b
    Scenario: what asks for a report cannot be read
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice, altered so:
        | Content-Type | message/cpim            |
        | Body         | this is no CPIM {token} |
      Then Alice receives the message
      And Alice sends no delivery notification

  @IMSpec-PMM-C-008 @O
  Rule: A message that refers to content stored elsewhere (8.2.1)

    @8.2.1-1 @8.2.1-resp-1 @8.2.1-resp-2 @8.2.1-resp-3 @8.2.1-resp-4
    Scenario: the answer to a reference
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice that refers to external content
      Then Alice receives the message
      And Bob is answered with the final response of Alice

    @8.2.1-4a @8.2.1-5 @8.2.1-6b
    Scenario: a reference is kept and treated, and not reported unasked
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice that refers to external content
      Then Alice receives the message
      And Alice sends no delivery notification
      And Alice is asked what was shown

    @8.2.1-6a
    Scenario: a report about a reference
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice that refers to external content, asking for positive-delivery
      Then Alice receives the message
      And Alice sends a delivery notification
