@B.3.1 @sut:client
Feature: The IM Client sends a pager-mode message

  @IMSpec-PMM-C-001 @M
  Rule: A message to one IM User (8.1.1)

    @8.1.1-0 @8.1.1-1 @8.1.1-2 @8.1.1-4
    Scenario: a message to one user
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Alice sends a pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered 200 OK

    @8.1.1-10
    Scenario: a message to a user whose message has shown where that user is
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Bob sends a pager-mode message to Alice
      Then Alice receives the message
      When Alice sends a pager-mode message to Bob
      Then Alice is answered 200 OK

    @8.1.1-3
    Scenario: an anonymous message
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Alice sends an anonymous pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered 200 OK

    @8.1.1-9
    Scenario Outline: a message that asks for <disposition>
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Alice sends a pager-mode message to Bob, asking for <disposition>
      Then Bob receives the message
      And Alice is answered 200 OK

      Examples:
        | disposition                             |
        | positive-delivery                       |
        | negative-delivery                       |
        | positive-delivery and negative-delivery |

    @8.1.1-3 @8.1.1-9
    Scenario: an anonymous message that asks for a report
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Alice sends an anonymous pager-mode message to Bob, asking for positive-delivery
      Then Bob receives the message
      And Alice is answered 200 OK

    @8.1.1-0 @8.1.1-4
    Scenario Outline: the recipient answers <status>
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      And Bob answers messages with <status>
      When Alice sends a pager-mode message to Bob
      Then Alice is answered <status>

      Examples:
        | status |
        | 415    |
        | 486    |
        | 603    |

    @8.1.1-0 @8.1.1-1 @8.1.1-2 @8.1.1-4
    Scenario: the policy of the recipient rejects the message
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      And the access policy of Bob rejects pager-mode messages from Alice
      When Alice sends a pager-mode message to Bob
      Then Alice is answered 403 Forbidden
      And Bob does not receive the message

    @8.1.1-4 @8.1.1-3
    Scenario: the recipient has barred messages, those of anonymous senders too
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      And Bob has barred incoming pager-mode messages
      When Alice sends an anonymous pager-mode message to Bob
      Then Alice is answered 403 Forbidden
      And Bob does not receive the message

    @8.1.1-4 @8.1.1-9 @8.1.1-n2
    Scenario: the recipient is away, and the report comes when the message has been delivered
      Given the registered IM Client under test of Alice
      And an IM User Bob who is not registered
      When Alice sends a pager-mode message to Bob, asking for positive-delivery
      Then Alice is answered 202 Accepted
      When Bob registers
      Then Alice receives 1 delivery notification
      And Alice is asked what was shown

  @IMSpec-PMM-C-002 @M
  Rule: A message to several IM Users has a URI-list (8.1.1)

    @8.1.1-0 @8.1.1-1 @8.1.1-2 @8.1.1-10 @8.1.1-5a @8.1.1-5b @8.1.1-5c
    Scenario: a message to two users
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob and Ted
      When Alice sends a pager-mode message to a URI-list with Bob and Ted
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

    @8.1.1-5a @8.1.1-5b @8.1.1-3
    Scenario: an anonymous message to three users
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob, Ted and Carol
      When Alice sends an anonymous pager-mode message to a URI-list with Bob, Ted and Carol
      Then Bob, Ted and Carol each receive the message
      And Alice is answered 202 Accepted

    @8.1.1-9 @8.1.1-n2
    Scenario: reports about a message to two users
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob and Ted
      When Alice sends a pager-mode message to a URI-list with Bob and Ted, asking for positive-delivery
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted
      And Alice receives 1 delivery notification
      And Alice is asked what was shown

    @8.1.1-5a @8.1.1-5b
    Scenario: one of the recipients refuses the message
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob and Ted
      And Ted answers messages with 486
      When Alice sends a pager-mode message to a URI-list with Bob and Ted
      Then Bob receives the message
      And Alice is answered 202 Accepted

    @8.1.1-5a @8.1.1-5b @8.1.1-5c
    Scenario: the server refuses a list that is too long
      Given the registered IM Client under test of Alice
      When Alice sends a pager-mode message to a URI-list with 12 users
      Then Alice is answered 486 Busy Here

    @8.1.1-5a @8.1.1-9
    Scenario: nobody on the list takes the message
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob and Ted
      And Bob has barred incoming pager-mode messages
      And Ted answers messages with 486
      When Alice sends a pager-mode message to a URI-list with Bob and Ted, asking for positive-delivery and negative-delivery
      Then Alice is answered 202 Accepted

  @IMSpec-PMM-C-003 @M
  Rule: A message to a Pre-defined Group (8.1.1)

    @8.1.1-0 @8.1.1-1 @8.1.1-2 @8.1.1-10 @8.1.1-6a
    Scenario: a message to a group
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice sends a pager-mode message to the group Friends
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

    @8.1.1-9 @8.1.1-n2
    Scenario: reports about a message to a group
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice sends a pager-mode message to the group Friends, asking for positive-delivery
      Then Alice is answered 202 Accepted
      And Alice receives 1 delivery notification
      And Alice is asked what was shown

    @8.1.1-3 @8.1.1-6a
    Scenario: an anonymous message to a group that allows no anonymity
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, which does not allow anonymity
      When Alice sends an anonymous pager-mode message to the group Friends
      Then Alice is answered 403 Forbidden
      And Bob and Ted do not receive the message

    @8.1.1-6a
    Scenario: a message to a group that has no IM
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, which is not enabled for IM
      When Alice sends a pager-mode message to the group Friends
      Then Alice is answered with a refusal
      And Bob and Ted do not receive the message

  @IMSpec-PMM-C-004 @M
  Rule: A message to the Participants of an on-going session of another service (8.1.1)

    @8.1.1-0 @8.1.1-1 @8.1.1-2 @8.1.1-10 @8.1.1-7
    Scenario: a message to a session
      Given the registered IM Client under test of Alice
      And an on-going session of Bob and Ted
      When Alice sends a pager-mode message to the on-going session
      Then Alice is answered 202 Accepted

    @8.1.1-3 @8.1.1-7 @8.1.1-9
    Scenario: an anonymous message to a session that asks for reports
      Given the registered IM Client under test of Alice
      And an on-going session of Bob and Ted
      When Alice sends an anonymous pager-mode message to the on-going session, asking for positive-delivery
      Then Alice is answered 202 Accepted

  @IMSpec-PMM-C-005 @O
  Rule: A message that refers to content stored elsewhere (8.1.1)

    @8.1.1-0 @8.1.1-1 @8.1.1-2 @8.1.1-10 @8.1.1-8a @8.1.1-8b
    Scenario: a reference to one user
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Alice sends a pager-mode message to Bob that refers to external content
      Then Bob receives the message
      And Alice is answered 200 OK

    @8.1.1-8a @8.1.1-8b @8.1.1-5a
    Scenario: a reference to two users
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob and Ted
      When Alice sends a pager-mode message to a URI-list with Bob and Ted that refers to external content
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

    @8.1.1-0 @8.1.1-8b
    Scenario: the recipient refuses a reference
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      And Bob answers messages with 415
      When Alice sends a pager-mode message to Bob that refers to external content
      Then Alice is answered 415 Unsupported Media Type

    @8.1.1-3 @8.1.1-8b @8.1.1-9
    Scenario: an anonymous reference, with a report asked for
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Alice sends an anonymous pager-mode message to Bob that refers to external content, asking for positive-delivery
      Then Bob receives the message
      And Alice is answered 200 OK
