@sut:server
Feature: The delivery notification aggregation timer of the Controlling Server expires

  Rule: All that was kept goes to who asked for it, in one message (8.3.1.3)

    @8.3.1.2-2 @8.3.1.3-1a @8.3.1.3-1b
    Scenario: everyone on a URI-list sends a notification
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice sends a pager-mode message to a URI-list with Bob and Ted, asking for positive-delivery
      Then Bob sends a delivery notification
      And Ted sends a delivery notification
      And Alice receives 1 delivery notification, and no more

    @8.3.1.2-2 @8.3.1.3-1a @8.3.1.3-1b
    Scenario: some members of a Pre-defined Group send a notification
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Carol and Ted
      And a Pre-defined Group Friends of Alice, Bob, Carol and Ted
      And Carol sends no delivery notifications
      When Alice sends a pager-mode message to the group Friends, asking for positive-delivery
      Then Bob sends a delivery notification
      And Ted sends a delivery notification
      And Alice receives 1 delivery notification, and no more
