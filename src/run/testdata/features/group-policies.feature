@sut:server
Feature: Policies of sessions of pre-defined groups

  Rule: Members are invited if the group's document says so (7.2.2.3)

    @7.2.2.3-2
    Scenario: a session of a group whose members are invited
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends
      Then Bob and Ted are each invited

  Rule: Only who is old enough joins (7.2.2.9)

    @7.2.2.9-4c-3
    Scenario: a member who is too young
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule             | value   |
        | age-restrictions | from 18 |
      And Alice is 30 years old
      And Bob is 40 years old
      And Ted is 15 years old
      And a running session of the group Friends, with Alice and Bob
      When Ted joins the session of the group Friends

  Rule: Only who may be a participant is added (7.2.2.7)

    @7.2.2.7-2 @7.2.2.7-3
    Scenario: a user who is too young is not added
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule             | value   | for |
        | age-restrictions | from 18 |     |
        | join-handling    | true    | Ted |
      And Alice is 30 years old
      And Bob is 40 years old
      And Ted is 15 years old
      And a running session of the group Friends, with Alice and Bob
      When Alice adds Ted to the session
      Then Ted is not invited

    @7.2.2.7-2
    Scenario: a user whom the rules do not let in is not added
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice and Bob
      And a running session of the group Friends, with Alice and Bob
      When Alice adds Ted to the session
      Then Ted is not invited

  Rule: Sessions are released as group and operator say (7.2.2.8)

    @7.2.2.8-2
    Scenario: a session is over after the time that its group gives it
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule         | value |
        | max-duration | 1     |
      When Alice starts the session of the group Friends
      Then Alice is in the session
      And Alice is released from the session

    @7.2.2.8-7-1b @7.2.2.8-4a @set:auto-release
    Scenario: the session of a group ends with its originator
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When Alice leaves the session
      Then Bob is released from the session
      And Ted is released from the session

    @7.2.2.8-7-1f
    Scenario: a group is deleted while its session runs
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When the group Friends is deleted
      Then Alice is released from the session
      And Bob is released from the session

    @7.2.2.8-7-2a
    Scenario: a participant is no longer a member of the group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      And a running session of the group Friends, with Alice, Bob and Ted
      When the group Friends becomes one of Alice and Ted
      Then Bob is released from the session
