@B.3.5 @sut:server
Feature: The Controlling Server sends SIP MESSAGE requests to the recipients of a group message

  @IMSpec-PMM-S-004 @O
  Rule: A MESSAGE for each entry of a URI-list (8.3.2.1)

    @8.3.2.1-1 @8.3.2.1-2 @8.3.2.1-3 @8.3.2.1-6 @8.3.2.1-7a
    Scenario: each user on the list receives a MESSAGE of the sender
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice sends a pager-mode message to a URI-list with Bob and Ted
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

    @8.3.2.1-7a @8.3.2.1-8
    Scenario: the sender is on the list, and is sent a MESSAGE through the core like everyone else
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      When Alice sends a pager-mode message to a URI-list with Alice and Bob
      Then Alice and Bob each receive the message
      And Alice is answered 202 Accepted

    @8.3.2.1-3
    Scenario: an anonymous message names its sender to the core alone
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice sends an anonymous pager-mode message to a URI-list with Bob and Ted
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

    @8.3.2.1-7a
    Scenario: one of the users on the list refuses the message
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob answers messages with 486
      When Alice sends a pager-mode message to a URI-list with Bob and Ted
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

  @IMSpec-PMM-S-005 @O
  Rule: A MESSAGE for each member of a Pre-defined Group (8.3.2.1)

    @8.3.2.1-1 @8.3.2.1-2 @8.3.2.1-4a @8.3.2.1-4b @8.3.2.1-6 @8.3.2.1-7b @8.3.2.1-8
    Scenario: each member receives a MESSAGE of the group, with the sender referred to
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice sends a pager-mode message to the group Friends
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

    @8.3.2.1-4b
    Scenario: the sender is not given away where the message is anonymous
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice sends an anonymous pager-mode message to the group Friends
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

  @IMSpec-PMM-S-006 @O
  Rule: A MESSAGE for each participant of an on-going session (8.3.2.1)

    @8.3.2.1-1 @8.3.2.1-2 @8.3.2.1-5a @8.3.2.1-5b @8.3.2.1-6 @8.3.2.1-7c @8.3.2.1-8
    Scenario: each participant receives a MESSAGE of the session, with the sender referred to
      Given an IM Server that performs the Controlling IM Function
      And an on-going session of Alice, Bob and Ted
      When Alice sends a pager-mode message to the on-going session
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

    @8.3.2.1-5b
    Scenario: the sender is not given away where the message is anonymous
      Given an IM Server that performs the Controlling IM Function
      And an on-going session of Alice, Bob and Ted
      When Alice sends an anonymous pager-mode message to the on-going session
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted
