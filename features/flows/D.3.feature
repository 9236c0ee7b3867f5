@sut:server
Feature: Message delivery to a group and delivery notification (Appendix D.3)

  Rule: The flow as the figure shows it, arrow by arrow (D.3)

    @D.3-1 @D.3-2 @D.3-3 @D.3-4 @D.3-5 @D.3-6 @D.3-7 @D.3-8 @D.3-9 @D.3-10 @D.3-11
    @D.3-12 @D.3-13 @D.3-14 @D.3-15 @D.3-16 @D.3-17 @D.3-18 @D.3-19
    Scenario: two members are there, the third comes later
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Carol
      And an IM User Dora who is not registered
      And a Pre-defined Group Friends of Alice, Bob, Carol and Dora
      When Alice sends a pager-mode message to the group Friends, asking for positive-delivery
      Then Bob and Carol each receive the message
      And Alice is answered 202 Accepted
      And Dora does not receive the message
      And Alice receives 1 delivery notification
      When Dora registers
      Then Dora receives the message
      And Dora sends a delivery notification
      And Alice receives 2 delivery notifications
