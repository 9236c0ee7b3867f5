@sut:server
Feature: Final Reports

  Rule: The controlling function reports to the sender of a message what became of it at each participant (5.7.3, Appendix O)

    @5.7.1-1s @5.7.3-1 @5.7.3-2 @5.7.3-3-1a @5.7.3-3-1b @5.7.3-3-2 @5.7.3-5 @5.7.3-7 @7.2.3.3-4
    @5.7.3-6-2a @5.7.3-6-2b @5.7.3-6-2c @5.7.3-6-2d
    @O.1-p1 @O.1-p2 @O.1-p3a @O.1-p3b @O.1-p3c @O.1-p4a @O.1-p5 @O.1-p7 @O.3-p1
    Scenario: a Final Report by SEND
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a message in the session, asking for a Final Report
      Then Bob and Ted each receive the message
      And Alice receives a Final Report

    @5.7.3-6-1a @5.7.3-6-1b @5.7.3-6-1c @5.7.3-6-1d @5.7.3-7 @O.1-p3b
    Scenario: a Final Report by REPORT
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When Alice sends a message of 1500 bytes in the session, in chunks of 500 bytes, asking for a Final Report and a success report
      Then Bob and Ted each receive the message
      And Alice receives a Final Report

    @5.7.3-4 @5.7.3-7 @O.1-p5 @O.1-p6 @7.2.3.3-2a-i-2
    Scenario: a participant who takes no message of that size, and one who refuses it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And Ted takes messages of at most 600 bytes in sessions
      And a running ad-hoc session of Alice, Bob, Ted and Carol
      And Carol refuses messages in sessions with 413
      When Alice sends a message of 2000 bytes in the session, asking for a Final Report
      Then Bob receives the message
      And Alice receives a Final Report

    @5.7.3-6-2d @5.7.3-7
    Scenario: a private message
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a private message to Bob in the session, asking for a Final Report
      Then Bob receives the message
      And Alice receives a Final Report

    @5.7.3-6-2a @5.7.3-6-2d @5.7.3-4 @set:proxy-mode
    Scenario: everybody refuses the message
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      And Bob refuses messages in sessions with 413
      And Ted refuses messages in sessions with 415
      When Alice sends a message in the session, asking for a Final Report
      Then Alice receives a Final Report

    @5.7.3-1 @5.7.3-3-1b @set:proxy-mode
    Scenario: two messages, of which one asks for no Final Report
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a message in the session, asking for a success report
      And Bob sends a message in the session, asking for a Final Report
      Then Alice and Ted each receive the message
      And Bob receives a Final Report

    @slow @O.1-p3b
    Scenario: when everybody has been told of, there is nothing more to come
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a message in the session, asking for a Final Report
      Then Bob and Ted each receive the message
      And Alice receives a Final Report
      When 20 seconds of the session pass
