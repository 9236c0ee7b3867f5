@sut:server
Feature: The Controlling Server receives a SIP failure response to a copy

  Rule: Who asked for failure notifications is told (8.3.1.4)

    @8.3.1.4-1a @8.3.1.4-3
    Scenario: a copy is refused while Ts2 runs
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob answers messages with 486
      And Ted sends no delivery notifications
      When Alice sends a pager-mode message to a URI-list with Bob and Ted, asking for positive-delivery and negative-delivery
      Then Bob and Ted each receive the message
      And Alice receives 1 delivery notification

    @8.3.1.4-1b
    Scenario: a copy is refused, and only success was to be told
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob answers messages with 486
      And Ted sends no delivery notifications
      When Alice sends a pager-mode message to a URI-list with Bob and Ted, asking for positive-delivery
      Then Bob and Ted each receive the message
      And Alice receives no delivery notification

    @8.3.1.4-1b
    Scenario: a copy is refused, and nothing was to be told
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob answers messages with 486
      When Alice sends a pager-mode message to a URI-list with Bob and Ted
      Then Bob and Ted each receive the message
      And Alice receives no delivery notification

  Rule: When Ts2 does not run, the failure notification is sent at once (8.3.1.4)

    @8.3.1.4-2
    Scenario: a copy is refused when Ts2 is over
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob answers messages with 486, after the time to gather notifications is over
      When Alice sends a pager-mode message to a URI-list with Bob and Ted, asking for negative-delivery
      Then Bob and Ted each receive the message
      And Alice receives 1 delivery notification

    @set:no-aggregation @8.3.1.4-2
    Scenario: a copy is refused where notifications are not gathered
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob answers messages with 486
      When Alice sends a pager-mode message to a URI-list with Bob and Ted, asking for negative-delivery
      Then Bob and Ted each receive the message
      And Alice receives 1 delivery notification
