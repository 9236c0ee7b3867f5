@sut:server
Feature: A one-to-one session becomes a conference (Appendix L)

  Rule: The messages as the appendix lists them, end to end (L)

    @L-1 @L-2 @L-3 @L-5
    Scenario: a third user is drawn into a session of two
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running one-to-one session of Alice and Bob
      When Alice extends the session to Ted
      Then Bob and Ted are all in the session
      When Alice sends a message in the session
      Then Bob and Ted each receive the message
