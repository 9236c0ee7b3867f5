@sut:server
Feature: Who may join a session

  Rule: Only who was invited joins an ad-hoc session (7.2.2.9)

    @7.2.2.9-1
    Scenario: a user whom nobody has invited knows the session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Carol rejoins the session of Alice

    @7.2.2.9-1a
    Scenario: a user who was invited at first comes back
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a running ad-hoc session of Alice, Bob and Ted
      When Ted leaves the session
      Then Alice is told of Ted
      When Ted rejoins the session

    @7.2.2.9-1b
    Scenario: a user who was added comes back
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a running ad-hoc session of Alice, Bob and Ted
      When Alice adds Carol to the session
      Then Carol is in the session
      And Alice is told of Carol
      When Carol leaves the session
      Then Alice is told of Carol
      When Carol rejoins the session

  Rule: Only whom join-handling lets in joins the session of a group (7.2.2.9)

    @7.2.2.9-2
    Scenario: a member of two comes in
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a Pre-defined Group Friends of Alice, Bob, Ted and Carol, with the rules:
        | rule           | value | for   |
        | invite-members | false |       |
        | join-handling  | false | Carol |
      And a running session of the group Friends, with Alice
      And Alice is notified of the participants
      When Bob joins the session of the group Friends
      And Carol joins the session of the group Friends

  Rule: Only who is of the right age joins (7.2.2.9)

    @7.2.2.9-3 @7.2.2.9-4 @7.2.2.9-4a @7.2.2.9-4c-1 @7.2.2.9-4c-2 @7.2.2.9-4c-3 @7.2.2.9-4c-4
    Scenario: a member who is old enough, and one who is not
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule             | value   |
        | invite-members   | false   |
        | age-restrictions | from 18 |
      And Alice is 30 years old
      And Bob is 18 years old
      And Ted is 17 years old
      And a running session of the group Friends, with Alice
      And Alice is notified of the participants
      When Bob joins the session of the group Friends
      And Ted joins the session of the group Friends

    @7.2.2.9-4 @7.2.2.9-4b @7.2.2.9-4c-2 @7.2.2.9-4c-3
    Scenario: users of another domain
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a registered IM Client Vera, whose user belongs to another domain
      And a registered IM Client Viktor, whose user belongs to another domain
      And a Pre-defined Group Friends of Alice, Bob, Vera and Viktor, with the rules:
        | rule             | value    |
        | invite-members   | false    |
        | age-restrictions | 13 to 17 |
      And Alice is 13 years old
      And Vera is 17 years old
      And Viktor is 18 years old
      And a running session of the group Friends, with Alice
      And Alice is notified of the participants
      When Vera joins the session of the group Friends
      And Viktor joins the session of the group Friends

    @7.2.2.9-3 @7.2.2.9-4c-3 @7.2.2.9-4c-4
    Scenario: a user who is too old does not begin the session
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule             | value    |
        | age-restrictions | until 12 |
      And Alice is 13 years old
      When Alice starts the session of the group Friends

    @7.2.2.9-4c-3
    Scenario: a user whose age nobody knows
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice and Bob
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule             | value   |
        | invite-members   | false   |
        | age-restrictions | from 18 |
      And Alice is 30 years old
      And a running session of the group Friends, with Alice
      And Alice is notified of the participants
      When Bob joins the session of the group Friends
