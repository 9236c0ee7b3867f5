@sut:server
Feature: A user is invited and removed by REFER (Appendix P, first figure)

  Rule: The flow as its text describes it, arrow by arrow (P)

    @P-1
    Scenario: a participant adds a user to the session, and removes the user again
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Carol
      And a running ad-hoc session of Alice and Bob
      When Alice adds Carol to the session
      Then Carol is in the session
      When Alice sends a message in the session
      Then Carol receives the message
      When Alice removes Carol from the session
      Then Carol is released from the session
