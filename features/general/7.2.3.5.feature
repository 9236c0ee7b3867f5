@sut:server
Feature: Messages of the server into a session

  Rule: The server sends its message to each participant whom it is for (7.2.3.5)

    @7.2.3.5-1 @7.2.3.5-1a @7.2.3.5-1b @7.2.3.5-1c @7.2.3.5-n
    Scenario: an announcement to everybody
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When the IM Server sends an announcement into the session of the group Friends
      Then Alice, Bob and Ted each receive the message

    @7.2.3.5-1 @7.2.3.5-1a @7.2.3.5-1c @7.2.3.5-n
    Scenario: a system message to one of them
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When Bob sends a message in the session
      Then Alice and Ted each receive the message
      When the IM Server sends a system message into the session of the group Friends, to Bob alone
      Then Bob receives the message

    @7.2.3.5-2 @7.2.3.5-n
    Scenario: an advertisement that lies elsewhere
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When the IM Server sends an advertisement about external content into the session of the group Friends
      Then Alice, Bob and Ted each receive the message

    @7.2.3.5-1
    Scenario: an announcement when one participant has left
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When Ted leaves the session
      And the IM Server sends an announcement into the session of the group Friends
      Then Alice and Bob each receive the message
