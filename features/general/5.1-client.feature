@sut:client
Feature: How the IM Client tells its identity, and hides it

  Rule: Identity and privacy (5.1, 14.3)

    @5.1-2 @14.3-p1a
    Scenario: a message with identity
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Alice sends a pager-mode message to Bob
      Then Alice is answered 200 OK

    @5.1-3a @5.1-3b @5.1-3c @14.3-p1a @14.3-p1c
    Scenario: an anonymous message
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      When Alice sends an anonymous pager-mode message to Bob
      Then Bob receives the message
      And Alice is answered 200 OK

    @5.1-3a @5.1-3c @14.3-p1c
    Scenario: an anonymous message to a user whose policy rejects the sender
      Given the registered IM Client under test of Alice
      And a registered IM Client Bob
      And the access policy of Bob rejects pager-mode messages from Alice
      When Alice sends an anonymous pager-mode message to Bob
      Then Alice is answered with a refusal

    @5.1-3a @5.1-3c @14.3-p1c
    Scenario: an anonymous message to a group that allows no anonymity
      Given the registered IM Client under test of Alice
      And registered IM Clients Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, which does not allow anonymity
      When Alice sends an anonymous pager-mode message to the group Friends
      Then Alice is answered 403 Forbidden
