@sut:server
Feature: The MSRP switch of a session

  Rule: A message of a participant reaches every other participant, as it was sent (7.2.3.1, 7.2.3.3)

    @7.2.3.1-1 @7.2.3.1-3b @7.2.3.3-0 @7.2.3.3-2-2 @7.2.3.3-2b @7.2.3.3-2b-1
    Scenario: a message to the session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a message in the session
      Then Bob and Ted each receive the message
      And Alice is answered 200 OK
      When Ted sends a message in the session
      Then Alice and Bob each receive the message

    @7.2.3.3-2-2 @7.2.3.3-2b
    Scenario: a message to the group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When Alice sends a message in the session
      Then Bob and Ted each receive the message

    @7.2.3.1-7 @7.2.3.3-2b-3
    Scenario: what is written slowly is read before it is all written
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Alice writes 1100 bytes of a message at a time, 700 ms apart
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a message of 2000 bytes in the session
      Then Bob and Ted each receive the message

    @7.2.3.3-2b-2
    Scenario: a message in chunks
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Bob sends a message of 3000 bytes in the session, in chunks of 400 bytes
      Then Alice and Ted each receive the message

    @7.2.3.1-5 @7.2.3.3-2b
    Scenario: a message that its sender gives up, and another behind it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice begins a message of 3000 bytes in the session, and after 1000 bytes gives it up
      And Alice sends a message in the session
      Then Bob and Ted each receive the message

    @7.2.3.1-5 @7.2.3.3-2b
    Scenario: a participant whose connection breaks in the middle of a message
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob, Ted and Carol
      And the media connection of Carol breaks after 300 bytes of a message
      When Alice sends a message of 3000 bytes in the session, in chunks of 400 bytes
      Then Bob and Ted each receive the message
      When Bob sends a message in the session
      Then Alice and Ted each receive the message

    @7.2.3.1-5 @7.2.3.3-2b
    Scenario: a sender whose connection breaks in the middle of a message
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob, Ted and Carol
      When Alice begins a message of 3000 bytes in the session, and after 1000 bytes is cut off
      And Bob sends a message in the session
      Then Ted and Carol each receive the message

    @7.2.3.1-5 @7.2.3.3-2b
    Scenario: a participant who reads nothing, and one who reads slowly, hold nobody up
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And Carol reads nothing in sessions
      And Ted reads slowly in sessions
      And a running ad-hoc session of Alice, Bob, Ted and Carol
      When Alice sends a message of 3000 bytes in the session
      Then Bob receives the message
      When Alice sends a message in the session
      Then Bob and Ted each receive the message

    @7.2.3.1-5 @set:no-media-path
    Scenario: a hundred messages in a session of fifty
      Given an IM Server that performs the Controlling IM Function
      And a running session of a Pre-defined Group of 50 users
      When they send 100 messages in the session

  Rule: From has to be that of the sender (7.2.3.1, 7.2.3.3)

    @7.2.3.1-3a @7.2.3.1-3c @7.2.3.3-0 @7.2.3.3-1a @7.2.3.3-1b
    Scenario: a message under the name of another participant
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a message in the session, altered so:
        | From | <{Bob}> |
      Then Alice is told that the message failed
      And Ted does not receive the message

    @7.2.3.1-3c @7.2.3.3-1b
    Scenario: a message under the name of nobody in the session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a message in the session, altered so:
        | From | "Alice" <sip:nobody@home.example> |
      Then Alice is told that the message failed

    @7.2.3.1-3b
    Scenario: the name beside the address is of no account
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a message in the session, altered so:
        | From | "Bob" <{Alice}> |
      Then Bob and Ted each receive the message

  Rule: A message is kept from who takes none of its size (7.2.3.3)

    @7.2.3.1-2 @7.2.3.3-2a-1 @7.2.3.3-2a-2 @7.2.3.3-2a-i-1 @7.2.3.3-2a-i-2
    Scenario: a message in small chunks that is too large as a whole
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Ted takes messages of at most 600 bytes in sessions
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a message of 2000 bytes in the session, in chunks of 500 bytes
      Then Bob receives the message
      And Alice is told that the message failed
      And Ted does not receive the message

    @7.2.3.1-5 @7.2.3.3-2b
    Scenario: a message that is just small enough
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Ted takes messages of at most 600 bytes in sessions
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice sends a message of 300 bytes in the session
      Then Bob and Ted each receive the message
