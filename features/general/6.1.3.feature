@sut:server
Feature: The participating functions and the media of sessions

  Vera and Viktor belong to another domain: of their sessions with users of the IM Server both ends are seen.

  Rule: In the path of the media, the function is the other end of both sessions (6.1.3)

    @6.1.3-1 @6.1.3-2 @6.1.3-4 @6.1.3-5 @5.7.4-1a @5.7.4-1b
    Scenario: messages in both directions
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice sends a message in the session
      Then Vera receives the message
      When Vera sends a message in the session
      Then Alice receives the message

    @6.1.3-2 @6.1.3-4 @6.1.3-5
    Scenario: the user of the server was invited
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Bob
      And a running one-to-one session of Vera and Bob
      When Bob sends a message in the session
      Then Vera receives the message
      When Vera sends a message in the session
      Then Bob receives the message

    @6.1.3-1 @set:no-media-path
    Scenario: a function that leaves the path
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice sends a message in the session
      Then Vera receives the message

    @6.1.3-3
    Scenario: two sessions side by side
      Given an IM Server that performs the Participating IM Function
      And registered IM Clients Alice and Bob
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Viktor, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      And a running one-to-one session of Bob and Viktor
      When Alice sends a message in the session
      Then Vera receives the message
      When Bob sends a message in the session
      Then Viktor receives the message
      When Viktor sends a message in the session
      Then Bob receives the message

    @6.1.3-4 @5.7.4-1a
    Scenario: a message in chunks
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice sends a message of 9000 bytes in the session, in chunks of 2000 bytes
      Then Vera receives the message

    @6.1.1.2.4-200-2
    Scenario: messages after a change of the session
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice offers to take messages of 30000 bytes in the session
      And Alice sends a message in the session
      Then Vera receives the message
      When Vera sends a message in the session
      Then Alice receives the message

  Rule: Responses and reports get to whom they are for (5.7.4)

    @5.7.4-1a @5.7.4-1c
    Scenario: the receiver reports success
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice sends a message in the session, asking for a success report
      Then Vera receives the message
      And Alice is told that the message has arrived

    @5.7.4-1b
    Scenario: the receiver wants no more of a message
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And Vera refuses messages in sessions with 413
      And a running one-to-one session of Alice and Vera
      When Alice sends a message in the session
      Then Alice is told that the message failed

    @5.7.4-1b
    Scenario: the sender gives a message up
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Alice
      And a registered IM Client Vera, whose user belongs to another domain
      And a running one-to-one session of Alice and Vera
      When Alice begins a message of 5000 bytes in the session, and after 1000 bytes gives it up
      And Alice sends a message in the session
      Then Vera receives the message
