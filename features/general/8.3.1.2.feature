@sut:server
Feature: The Controlling Server receives a delivery notification

  Rule: While Ts2 runs, notifications are kept; otherwise they are forwarded (8.3.1.2)

    @8.3.1.2-2
    Scenario: a notification that comes while Ts2 runs
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Ted sends no delivery notifications
      When Alice sends a pager-mode message to a URI-list with Bob and Ted, asking for positive-delivery
      Then Bob sends a delivery notification
      And Alice receives 1 delivery notification, and no more

    @8.3.1.2-1 @8.3.1.3-2
    Scenario: a notification that comes when Ts2 is over
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob sends delivery notifications after the time to gather them is over
      And Ted sends no delivery notifications
      When Alice sends a pager-mode message to a URI-list with Bob and Ted, asking for positive-delivery
      Then Bob sends a delivery notification
      And Alice receives 1 delivery notification

    @set:no-aggregation @8.3.1.2-1
    Scenario: a notification where none are gathered
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Ted sends no delivery notifications
      When Alice sends a pager-mode message to a URI-list with Bob and Ted, asking for positive-delivery
      Then Bob sends a delivery notification
      And Alice receives 1 delivery notification
