@B.3.4 @sut:server
Feature: The Controlling Server receives a SIP MESSAGE for group communication

  @IMSpec-PMM-S-003 @M
  Rule: A good message is taken and sent towards each IM Address (8.3.1.1)

    @8.3.1.1-4c @8.3.1.1-5c @8.3.1.1-10 @8.3.1.1-12
    Scenario: a message to a URI-list
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice sends a pager-mode message to a URI-list with Bob and Ted
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

    @8.3.1.1-2b @8.3.1.1-5c @8.3.1.1-10 @8.3.1.1-12
    Scenario: a message to a Pre-defined Group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice sends a pager-mode message to the group Friends
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

    @8.3.1.1-3b @8.3.1.1-5c @8.3.1.1-10 @8.3.1.1-12
    Scenario: a message to an on-going session
      Given an IM Server that performs the Controlling IM Function
      And an on-going session of Alice, Bob and Ted
      When Alice sends a pager-mode message to the on-going session
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

    @8.3.1.1-7c
    Scenario: an anonymous message to a URI-list
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice sends an anonymous pager-mode message to a URI-list with Bob and Ted
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

    @8.3.1.1-6c
    Scenario: an anonymous message to a Pre-defined Group that allows anonymity
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice sends an anonymous pager-mode message to the group Friends
      Then Bob and Ted each receive the message
      And Alice is answered 202 Accepted

  @IMSpec-PMM-S-003 @M
  Rule: What the server does not support is refused (8.3.1.1, steps 1 to 3)

    @set:no-uri-list @8.3.1.1-1a @8.3.1.1-1b
    Scenario: a URI-list where the MESSAGE URI-list service is not supported
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice sends a pager-mode message to a URI-list with Bob and Ted
      Then Alice is answered 420 Bad Extension with warning text 122
      And Bob does not receive the message

    @8.3.1.1-2
    Scenario: a Pre-defined Group that does not support the IM service
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, which is not enabled for IM
      When Alice sends a pager-mode message to the group Friends
      Then Alice is answered 404 Not Found
      And Bob does not receive the message

    @8.3.1.1-3
    Scenario: a session that is over
      Given an IM Server that performs the Controlling IM Function
      And a registered IM Client Alice
      When Alice sends a pager-mode message to the ended session
      Then Alice is answered 403 Forbidden

  @IMSpec-PMM-S-003 @M
  Rule: More recipients than are allowed are refused (8.3.1.1, steps 4 and 8)

    @8.3.1.1-4a @8.3.1.1-4b
    Scenario: a URI-list above the maximum
      Given an IM Server that performs the Controlling IM Function
      And a registered IM Client Alice
      When Alice sends a pager-mode message to a URI-list with more users than the IM Server allows
      Then Alice is answered 486 Busy Here with warning text 102

  @IMSpec-PMM-S-003 @M
  Rule: Who has no authority is refused (8.3.1.1, step 5)

    @8.3.1.1-5a @8.3.1.1-5b
    Scenario: a message to a URI-list from a user who is not authorised
      Given an IM Server that performs the Controlling IM Function
      And a registered IM Client Mallory of another domain, whose user is not authorised
      And registered IM Clients Bob and Ted
      When Mallory sends a pager-mode message to a URI-list with Bob and Ted
      Then Mallory is answered 403 Forbidden with warning text 127
      And Bob does not receive the message

    @set:members-only @8.3.1.1-5a @8.3.1.1-5b
    Scenario: a message to a Pre-defined Group from a user who is no member
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Mallory, Bob and Ted
      And a Pre-defined Group Friends of Bob and Ted
      When Mallory sends a pager-mode message to the group Friends
      Then Mallory is answered 403 Forbidden with warning text 127
      And Bob does not receive the message

  @IMSpec-PMM-S-003 @M
  Rule: Anonymity that is not allowed is refused (8.3.1.1, steps 6 and 7)

    @8.3.1.1-6a @8.3.1.1-6b
    Scenario: an anonymous message to a Pre-defined Group that does not allow it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, which does not allow anonymity
      When Alice sends an anonymous pager-mode message to the group Friends
      Then Alice is answered 403 Forbidden with warning text 119
      And Bob does not receive the message

    @set:no-ad-hoc-anonymity @8.3.1.1-7a @8.3.1.1-7b
    Scenario: an anonymous message to a URI-list where the server does not allow it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice sends an anonymous pager-mode message to a URI-list with Bob and Ted
      Then Alice is answered 403 Forbidden with warning text 119
      And Bob does not receive the message

  @IMSpec-PMM-S-003 @M
  Rule: Delivery notifications are gathered where they were asked for (8.3.1.1, step 9)

    @8.3.1.1-9
    Scenario: notifications are held until Ts2 is over
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Ted sends no delivery notifications
      When Alice sends a pager-mode message to a URI-list with Bob and Ted, asking for positive-delivery
      Then Bob and Ted each receive the message
      And Alice receives 1 delivery notification

    @8.3.1.1-9b
    Scenario: nobody asked for notifications
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice sends a pager-mode message to a URI-list with Bob and Ted
      Then Bob and Ted each receive the message
      And Alice receives no delivery notification
