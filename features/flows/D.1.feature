@sut:server
Feature: A participant subscribes to the state of a conference (Appendix D.1)

  Rule: The flow as the figure shows it, arrow by arrow (D.1)

    @D.1-1 @D.1-3 @D.1-7 @D.1-10 @D.1-12 @D.1-15 @D.1-18 @D.1-20 @D.1-24 @D.1-27 @D.1-30 @D.1-32
    Scenario: a user joins while the subscription is active
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Carol
      And a Pre-defined Group Friends of Alice, Bob and Carol
      And Carol refuses invitations with 486
      When Alice starts the session of the group Friends
      Then Bob is in the session
      When Alice subscribes to the participants
      Then Alice is notified of the participants
      When Carol joins the session of the group Friends
      Then Carol is in the session
      And Alice is notified of the participants
